//! Who is calling: tokens, passwords, roles and the tenant context.
