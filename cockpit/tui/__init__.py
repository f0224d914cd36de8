"""The screens: one of the two faces. Nothing here writes or decides; use-cases in ``cockpit.services`` do."""
