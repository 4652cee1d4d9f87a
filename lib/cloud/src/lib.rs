//! Sessions in AWS accounts: role sessions tagged with their tenant, and their cache.
