use jiff::Timestamp;
use outlay_core::BillingPeriod;
use serde::{Deserialize, Serialize};

use super::Entity;
use crate::{Key, keys};

/// When a worker last told that it lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Heartbeat {
    /// Name of the function.
    pub worker: String,
    /// When.
    pub at: Timestamp,
}

impl Entity for Heartbeat {
    const ENTITY: &'static str = "heartbeat";
    const PREFIX: &'static str = "WORKER#";
    type Owner = ();
    type Id = String;
    fn id(&self) -> String {
        self.worker.clone()
    }
    fn key((): &(), id: &String) -> Key {
        keys::heartbeat(id)
    }
}

/// What the monitor writes to see whether it comes out of the table's stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Canary {
    /// When it was written.
    pub at: Timestamp,
}

impl Entity for Canary {
    const ENTITY: &'static str = "canary";
    const PREFIX: &'static str = "CANARY";
    type Owner = ();
    type Id = ();
    fn id(&self) {}
    fn key((): &(), (): &()) -> Key {
        keys::canary()
    }
}

/// The last run of a schedule.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleRun {
    /// Name of the function.
    pub schedule: String,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// What came of it.
    pub outcome: RunOutcome,
}

/// What came of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    /// It did its work.
    Done,
    /// It did not; the log says why.
    Failed,
}

impl Entity for ScheduleRun {
    const ENTITY: &'static str = "scheduleRun";
    const PREFIX: &'static str = "SCHEDULE#";
    type Owner = ();
    type Id = String;
    fn id(&self) -> String {
        self.schedule.clone()
    }
    fn key((): &(), id: &String) -> Key {
        keys::schedule_run(id)
    }
}

/// What the monitor last saw of a service: a worker and its queue, or the schedules themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceState {
    /// Which.
    pub service: String,
    /// Since when it is watched at all.
    pub first_seen: Timestamp,
    /// Since when it has been watched without a break.
    pub watched_since: Timestamp,
    /// When the monitor looked last.
    pub looked_at: Timestamp,
    /// When it began to be down, if it is.
    pub down_since: Option<Timestamp>,
    /// Messages that wait, are being worked on, and were given up; none for what has no queue.
    pub queue: Option<QueueDepth>,
}

/// How many messages are in a queue, about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueDepth {
    /// They wait.
    pub waiting: u64,
    /// They are being worked on, or wait for another try.
    pub in_flight: u64,
    /// They failed five times and wait for somebody to mend the cause.
    pub dead: u64,
}

impl ServiceState {
    /// What the schedules are called: none of them ran while the monitor did not.
    pub const SCHEDULES: &'static str = "schedules";
}

impl Entity for ServiceState {
    const ENTITY: &'static str = "serviceState";
    const PREFIX: &'static str = "SERVICE#";
    type Owner = ();
    type Id = String;
    fn id(&self) -> String {
        self.service.clone()
    }
    fn key((): &(), id: &String) -> Key {
        keys::service_state(id)
    }
}

/// A time during which a service was down, within one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Downtime {
    /// Which service.
    pub service: String,
    /// The month that the entry stands in.
    pub month: BillingPeriod,
    /// When it began, in this month; what began before has an entry there too.
    pub began_at: Timestamp,
    /// When it ended; none while it lasts.
    pub ended_at: Option<Timestamp>,
}

impl Entity for Downtime {
    const ENTITY: &'static str = "downtime";
    const PREFIX: &'static str = "DOWN#";
    type Owner = ();
    type Id = (BillingPeriod, Timestamp, String);
    fn id(&self) -> Self::Id {
        (self.month, self.began_at, self.service.clone())
    }
    fn key((): &(), (month, began, service): &Self::Id) -> Key {
        keys::downtime(*month, *began, service)
    }
}

/// What global owners set for the whole platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformConfig {
    /// Counts changes: the ETag.
    pub revision: u64,
    /// What everybody is told by the public health route, such as planned work.
    pub notice: Option<String>,
    /// What availability is promised for a month, in thousandths of a percent: 99900 is 99.9 %.
    pub sla_target: u32,
    /// When it was changed last; none before the first change.
    pub changed_at: Option<Timestamp>,
}

impl Default for PlatformConfig {
    fn default() -> Self {
        Self {
            revision: 0,
            notice: None,
            sla_target: 99_900,
            changed_at: None,
        }
    }
}

impl Entity for PlatformConfig {
    const ENTITY: &'static str = "platformConfig";
    const PREFIX: &'static str = "CONFIG";
    type Owner = ();
    type Id = ();
    fn id(&self) {}
    fn key((): &(), (): &()) -> Key {
        keys::platform_config()
    }
}
