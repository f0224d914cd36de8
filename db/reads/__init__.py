"""The SELECTs behind the screens: frozen rows, keyset pages, the same text on both stores."""
