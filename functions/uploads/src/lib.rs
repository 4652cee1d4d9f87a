//! Uploads: declare a file, follow it, confirm or delete it.
