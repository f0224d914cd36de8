"""The smallest programs that do what a row of the table is compared with."""
