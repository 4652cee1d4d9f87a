//! How often something may be tried: counted on the account or address, before the work is done, so
//! that tries made at the same moment are counted each.

use jiff::{SignedDuration, Timestamp};
use outlay_core::UserId;
use outlay_store::{Condition, LoginThrottle, RegistryTable, StoreError};

/// Tries in a window (promise 19: at most 20 checked per 15 minutes).
const MAX_TRIES: u64 = 20;
/// Length of a window.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// More rounds than there are tries to lose to others.
const ROUNDS: usize = 50;

/// Takes one try, or says how many seconds there are to wait for one.
pub(crate) async fn take_try(
    registry: &RegistryTable,
    user: &UserId,
    now: Timestamp,
) -> Result<Option<u32>, StoreError> {
    for _ in 0..ROUNDS {
        let stored = registry.get::<LoginThrottle>(user).await?;
        let unchanged = stored.as_ref().map_or(Condition::Absent, |s| {
            Condition::number("failures", s.failures)
        });
        let next = match next_try(user, stored, now) {
            Ok(next) => next,
            Err(seconds) => return Ok(Some(seconds)),
        };
        match registry.writes().put(&next, unchanged)?.commit().await {
            Err(StoreError::Conflict) => {}
            outcome => return outcome.map(|()| None),
        }
    }
    Ok(Some(1))
}

/// The count with this try, or the seconds to wait. The try that succeeds is counted too, until
/// success ends the count.
fn next_try(
    user: &UserId,
    stored: Option<LoginThrottle>,
    now: Timestamp,
) -> Result<LoginThrottle, u32> {
    match stored.filter(|s| now < s.window_ends) {
        Some(s) if s.failures >= MAX_TRIES => {
            let left = s.window_ends.duration_since(now).as_secs() + 1;
            Err(u32::try_from(left).unwrap_or(u32::MAX))
        }
        Some(s) => Ok(LoginThrottle {
            failures: s.failures + 1,
            ..s
        }),
        None => {
            let window_ends = now.saturating_add(WINDOW).unwrap_or(Timestamp::MAX);
            Ok(LoginThrottle {
                user_id: user.clone(),
                failures: 1,
                window_ends,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn twenty_tries_and_then_a_wait_until_the_window_ends() {
        let user = UserId::mint();
        let mut stored = None;
        for second in 0..20 {
            stored = Some(next_try(&user, stored, at(second)).unwrap());
        }
        assert_eq!(next_try(&user, stored.clone(), at(20)).unwrap_err(), 881);
        assert_eq!(next_try(&user, stored.clone(), at(899)).unwrap_err(), 2);
        let anew = next_try(&user, stored, at(900)).unwrap();
        assert_eq!((anew.failures, anew.window_ends), (1, at(1800)));
    }

    proptest! {
        /// Whenever tries are made, no window of our counting holds more than 20.
        #[test]
        fn no_window_holds_more(steps in proptest::collection::vec(0_i64..120, 1..200)) {
            let user = UserId::mint();
            let (mut stored, mut second, mut allowed) = (None::<LoginThrottle>, 0, Vec::new());
            for step in steps {
                second += step;
                if let Ok(next) = next_try(&user, stored.clone(), at(second)) {
                    allowed.push(next.window_ends);
                    stored = Some(next);
                }
            }
            for end in &allowed {
                prop_assert!(allowed.iter().filter(|e| *e == end).count() <= 20);
            }
        }
    }
}
