//! The first wing: inquiries from the public pages.
