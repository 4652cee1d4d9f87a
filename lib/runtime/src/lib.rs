//! What every function starts with: configuration, clients, telemetry and entry points.
