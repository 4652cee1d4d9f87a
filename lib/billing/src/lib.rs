//! Bills of any supported format, read row by row into FOCUS 1.4 rows.
