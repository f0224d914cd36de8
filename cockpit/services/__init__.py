"""Use-cases: one function each, the only writers, the same for every face."""
