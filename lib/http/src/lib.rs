//! HTTP habits of the API: problem+json, pages, cursors, strict query strings.
