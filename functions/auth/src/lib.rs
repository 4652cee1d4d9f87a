//! Accounts: register, verify, sign in, refresh, sign out.
