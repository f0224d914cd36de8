"""Pure drawing: values in, styled text out. No app, no store, no clock."""
