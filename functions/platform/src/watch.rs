//! What a look at a service means: pure, so that every case is a test.

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use outlay_core::BillingPeriod;
use outlay_store::{Downtime, QueueDepth, ServiceState};

/// What the monitor found.
pub(crate) struct Look {
    /// When.
    pub(crate) at: Timestamp,
    /// The last sign of life, if there ever was one.
    pub(crate) sign: Option<Timestamp>,
    /// Its queue.
    pub(crate) queue: Option<QueueDepth>,
}

/// How long is too long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Without a sign of life of a worker that is asked for one at every look.
    pub(crate) worker: SignedDuration,
    /// Between two looks of the monitor.
    pub(crate) monitor: SignedDuration,
}

/// The state after a look, and what is to be written into the log of downtimes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) state: ServiceState,
    pub(crate) downtimes: Vec<Downtime>,
}

/// A worker is asked for a sign of life at every look. It is down since its last one, once that is too long
/// ago, and up again with its next. While the monitor itself was away nobody asked: nothing can be said of
/// that time.
pub(crate) fn worker(
    service: &str,
    before: Option<ServiceState>,
    look: &Look,
    patience: Patience,
) -> Verdict {
    let mut state = next(service, before, look, patience);
    let Some(began) = state.down_since else {
        let proof = look
            .sign
            .unwrap_or(state.watched_since)
            .max(state.watched_since);
        if look.at.duration_since(proof) <= patience.worker {
            return Verdict {
                state,
                downtimes: Vec::new(),
            };
        }
        state.down_since = Some(proof);
        return still_down(state, proof, look.at);
    };
    match look.sign.filter(|sign| *sign > began) {
        None => still_down(state, began, look.at),
        Some(sign) => {
            state.down_since = None;
            let downtimes = pieces(service, began, sign, true);
            Verdict { state, downtimes }
        }
    }
}

/// The schedules are down from the monitor's last look to this one, where that is too long.
pub(crate) fn schedules(
    service: &str,
    before: Option<ServiceState>,
    look: &Look,
    patience: Patience,
) -> Verdict {
    let away = before
        .as_ref()
        .map(|state| state.looked_at)
        .filter(|last| was_away(*last, look.at, patience));
    let state = next(service, before, look, patience);
    let downtimes = away.map(|last| pieces(service, last, look.at, true));
    Verdict {
        state,
        downtimes: downtimes.unwrap_or_default(),
    }
}

fn was_away(last: Timestamp, now: Timestamp, patience: Patience) -> bool {
    now.duration_since(last) > patience.monitor
}

fn next(
    service: &str,
    before: Option<ServiceState>,
    look: &Look,
    patience: Patience,
) -> ServiceState {
    let mut state = before.unwrap_or_else(|| ServiceState {
        service: service.to_owned(),
        first_seen: look.at,
        watched_since: look.at,
        looked_at: look.at,
        down_since: None,
        queue: None,
    });
    if was_away(state.looked_at, look.at, patience) {
        state.watched_since = look.at;
    }
    // A look that came late must not take a later one's place.
    state.looked_at = state.looked_at.max(look.at);
    state.queue = look.queue;
    state
}

/// A downtime that lasts goes on in each month it reaches, so that a month is whole by itself.
fn still_down(mut state: ServiceState, began: Timestamp, now: Timestamp) -> Verdict {
    let downtimes = pieces(&state.service, began, now, false);
    state.down_since = downtimes.last().map(|last| last.began_at).or(Some(began));
    Verdict { state, downtimes }
}

/// A time cut at the ends of months; the last piece stays open unless the time has ended.
fn pieces(service: &str, began: Timestamp, until: Timestamp, ended: bool) -> Vec<Downtime> {
    let (mut cut, mut began_at) = (Vec::new(), began);
    while let Ok(month) = BillingPeriod::containing(began_at) {
        let Some(end) = end_of(month) else { break };
        let last = until <= end;
        let ended_at = if last {
            ended.then_some(until)
        } else {
            Some(end)
        };
        cut.push(Downtime {
            service: service.to_owned(),
            month,
            began_at,
            ended_at,
        });
        if last {
            break;
        }
        began_at = end;
    }
    cut
}

fn end_of(month: BillingPeriod) -> Option<Timestamp> {
    let end = month.start().checked_add(1.month()).ok()?;
    Some(end.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PATIENCE: Patience = Patience {
        worker: SignedDuration::from_mins(15),
        monitor: SignedDuration::from_mins(11),
    };

    fn at(minute: i64) -> Timestamp {
        // 2026-11-30 23:00 UTC: an hour before a month ends.
        Timestamp::from_second(1_796_079_600 + minute * 60).unwrap()
    }

    fn look(minute: i64, sign: Option<i64>) -> Look {
        Look {
            at: at(minute),
            sign: sign.map(at),
            queue: None,
        }
    }

    /// Looks every five minutes with these signs of life; the state and the log that come of it.
    fn watch(looks: &[(i64, Option<i64>)]) -> (ServiceState, Vec<Downtime>) {
        let (mut state, mut log): (_, Vec<Downtime>) = (None, Vec::new());
        for (minute, sign) in looks {
            let verdict = worker("w", state, &look(*minute, *sign), PATIENCE);
            for downtime in verdict.downtimes {
                log.retain(|d| d.began_at != downtime.began_at);
                log.push(downtime);
            }
            state = Some(verdict.state);
        }
        (state.unwrap(), log)
    }

    fn span(downtime: &Downtime) -> (i64, Option<i64>) {
        let minute = |t: Timestamp| (t.as_second() - at(0).as_second()) / 60;
        (minute(downtime.began_at), downtime.ended_at.map(minute))
    }

    #[test]
    fn a_worker_that_answers_is_up() {
        let (state, log) = watch(&[(0, None), (5, Some(1)), (10, Some(6)), (15, Some(11))]);
        assert!(state.down_since.is_none() && log.is_empty());
        assert_eq!(state.first_seen, at(0));
    }

    #[test]
    fn it_is_down_since_its_last_sign_and_up_with_its_next() {
        let looks = [
            (0, None),
            (5, Some(1)),
            (10, Some(1)),
            (15, Some(1)),
            (20, Some(1)),
        ];
        let (state, log) = watch(&looks);
        assert_eq!(state.down_since, Some(at(1)));
        assert_eq!(log.iter().map(span).collect::<Vec<_>>(), [(1, None)]);
        let back = [&looks[..], &[(25, Some(21)), (30, Some(26))]].concat();
        let (state, log) = watch(&back);
        assert!(state.down_since.is_none());
        assert_eq!(log.iter().map(span).collect::<Vec<_>>(), [(1, Some(21))]);
    }

    #[test]
    fn a_worker_that_never_answered_is_down_since_it_is_watched() {
        let (state, _) = watch(&[(0, None), (5, None), (10, None), (15, None), (20, None)]);
        assert_eq!(state.down_since, Some(at(0)));
    }

    #[test]
    fn while_the_monitor_was_away_no_worker_is_blamed() {
        let (state, log) = watch(&[(0, None), (5, Some(1)), (50, Some(6)), (55, Some(51))]);
        assert!(state.down_since.is_none() && log.is_empty());
        assert_eq!(state.watched_since, at(50));
    }

    #[test]
    fn the_schedules_were_down_while_the_monitor_was_away() {
        let first = schedules("s", None, &look(0, None), PATIENCE);
        assert!(first.downtimes.is_empty());
        let on_time = schedules("s", Some(first.state), &look(5, None), PATIENCE);
        assert!(on_time.downtimes.is_empty());
        let late = schedules("s", Some(on_time.state), &look(45, None), PATIENCE);
        assert_eq!(
            late.downtimes.iter().map(span).collect::<Vec<_>>(),
            [(5, Some(45))]
        );
        assert!(late.state.down_since.is_none());
    }

    #[test]
    fn a_month_holds_its_own_share() {
        let minutes: Vec<(i64, Option<i64>)> = (0..=16).map(|n| (n * 5, Some(1))).collect();
        let (state, log) = watch(&minutes);
        assert_eq!(
            log.iter().map(span).collect::<Vec<_>>(),
            [(1, Some(60)), (60, None)]
        );
        assert_eq!(state.down_since, Some(at(60)), "goes on in December");
        assert_eq!(log[0].month.to_string(), "2026-11");
        assert_eq!(log[1].month.to_string(), "2026-12");
        let back = [&minutes[..], &[(85, Some(82))]].concat();
        let (_, log) = watch(&back);
        assert_eq!(
            log.iter().map(span).collect::<Vec<_>>(),
            [(1, Some(60)), (60, Some(82))]
        );
    }

    proptest! {
        /// Whatever a worker does, its downtimes do not overlap, and none is longer than it was silent.
        #[test]
        fn downtimes_are_apart_and_honest(alive in proptest::collection::vec(any::<bool>(), 1..80)) {
            let (mut sign, mut looks, mut signs) = (None, Vec::new(), Vec::new());
            for (n, alive) in (0_i64..).zip(alive) {
                looks.push((n * 5, sign));
                if alive {
                    sign = Some(n * 5 + 1);
                    signs.push(n * 5 + 1);
                }
            }
            let (_, log) = watch(&looks);
            let spans: Vec<(i64, Option<i64>)> = log.iter().map(span).collect();
            for pair in spans.windows(2) {
                prop_assert!(pair[0].1.is_some_and(|ended| ended <= pair[1].0), "{spans:?}");
            }
            for (began, ended) in &spans {
                let inside = |s: &&i64| **s > *began && ended.is_none_or(|e| **s < e);
                let last = looks.last().map_or(0, |l| l.0);
                prop_assert!(!signs.iter().filter(|s| **s < last).any(|s| inside(&s)), "{spans:?} {signs:?}");
            }
        }
    }
}
