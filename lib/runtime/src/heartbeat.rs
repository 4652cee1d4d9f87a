//! Signs of life: what workers and schedules tell the platform of themselves. Losing one harms nothing, so a
//! failure is logged and never fails the work.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use outlay_store::{Condition, Entity, Heartbeat};

use crate::{App, telemetry};

/// A container tells of itself at most this often, however many messages it works off.
const EVERY: Duration = Duration::from_mins(1);

/// The heart of one container.
pub(crate) struct Heart {
    worker: &'static str,
    last: Mutex<Option<Instant>>,
}

impl Heart {
    pub(crate) fn of(worker: &'static str) -> Self {
        Self {
            worker,
            last: Mutex::default(),
        }
    }

    /// Tells that this worker lives, unless it was told within the minute.
    pub(crate) async fn beat(&self, app: &App) {
        if self.is_due(Instant::now()) {
            let beat = Heartbeat {
                worker: self.worker.to_owned(),
                at: (app.clock)(),
            };
            tell(app, &beat).await;
        }
    }

    /// Does a piece of work and tells it every minute meanwhile: long work is not a dead worker.
    pub(crate) async fn beating<T>(&self, app: &App, work: impl Future<Output = T>) -> T {
        let beating = async {
            loop {
                tokio::time::sleep(EVERY).await;
                self.beat(app).await;
            }
        };
        tokio::select! {
            done = work => done,
            never = beating => never,
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        let mut last = self
            .last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let due = last.is_none_or(|last| now.duration_since(last) >= EVERY);
        if due {
            *last = Some(now);
        }
        due
    }
}

/// Writes over what was told last.
pub(crate) async fn tell<E: Entity<Owner = ()>>(app: &App, news: &E) {
    let told = async {
        let table = app.heartbeats().await?;
        let writes = table.writes().put(news, Condition::Any);
        match writes?.commit().await {
            // Another container of the same worker told it at the same moment: just as good.
            Err(error) if !error.is_conflict() => Err(error.into()),
            _ => Ok(()),
        }
    };
    if let Err(error) = told.await {
        let error: crate::MessageError = error;
        tracing::warn!(cause = telemetry::chain(&*error), "sign of life not told");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_beats_at_most_once_a_minute() {
        let (heart, start) = (Heart::of("w"), Instant::now());
        let beats: Vec<u64> = (0..300)
            .filter(|second| heart.is_due(start + Duration::from_secs(*second)))
            .collect();
        assert_eq!(beats, [0, 60, 120, 180, 240]);
    }
}
