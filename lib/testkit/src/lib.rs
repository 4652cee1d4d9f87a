//! Bills with an oracle and a handle on the running local stack. A dev-dependency only.
