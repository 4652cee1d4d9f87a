//! What becomes of a refresh token (RFC 9700, 4.14.2): it is good once. A retry whose answer was lost
//! gets the same successor for a few seconds; anything later is a stolen token, and ends the family.

use jiff::{SignedDuration, Timestamp};
use outlay_store::Session;

/// How long the token before the current one is taken for a retry.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// What to do with a presented token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It is the current one: move on to the next.
    Rotate,
    /// It is the one before, a moment ago: answer with the current one once more.
    Again,
    /// The family has reached its end.
    Ended,
    /// It was used before, or never given out: somebody else has it.
    Replayed,
}

/// Decides on token number `presented` of a family whose MAC was right.
pub(crate) fn decide(session: &Session, presented: u64, now: Timestamp) -> Decision {
    let current = session.generation;
    if session.expires_at <= now {
        Decision::Ended
    } else if presented == current {
        Decision::Rotate
    } else if presented.checked_add(1) == Some(current)
        && now.duration_since(session.rotated_at) <= GRACE
    {
        Decision::Again
    } else {
        Decision::Replayed
    }
}

/// The family after a rotation.
pub(crate) fn rotated(session: &Session, now: Timestamp) -> Session {
    Session {
        generation: session.generation + 1,
        rotated_at: now,
        ..session.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use outlay_core::{FamilyId, TenantId, UserId};
    use outlay_testkit::proof::measured;
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn family(generation: u64) -> Session {
        Session {
            user_id: UserId::derive(&["u"]),
            family_id: FamilyId::derive(&["f"]),
            tenant_id: Some(TenantId::derive(&["t"])),
            generation,
            rotated_at: at(0),
            created_at: at(-1000),
            expires_at: at(3600),
            device: None,
            address: None,
        }
    }

    #[test]
    fn the_decision_table() {
        for (presented, second, decision) in [
            (5, 0, Decision::Rotate),
            (5, 3599, Decision::Rotate),
            (4, 0, Decision::Again),
            (4, -3, Decision::Again), // the clock of another container runs ahead
            (4, 10, Decision::Again),
            (4, 11, Decision::Replayed),
            (3, 0, Decision::Replayed),
            (0, 0, Decision::Replayed),
            (6, 0, Decision::Replayed),
            (u64::MAX, 0, Decision::Replayed),
            (5, 3600, Decision::Ended),
            (4, 3600, Decision::Ended),
        ] {
            assert_eq!(
                decide(&family(5), presented, at(second)),
                decision,
                "token {presented} at {second} s"
            );
        }
    }

    /// Promise 22: a hundred refreshes at once, a thousand times. Each reads, is overtaken by others at
    /// every pause, and writes only over what it read, as the route does.
    #[tokio::test]
    async fn a_hundred_at_once_have_one_successor() {
        let mut first = family(1);
        first.expires_at = at(1_000_000);
        let store = Mutex::new(first);
        for round in 1..=1000 {
            let now = at(i64::try_from(round).unwrap() * 60);
            let all = (0..100).map(|_| refreshed(&store, round, now));
            let successors = futures::future::join_all(all).await;
            assert!(successors.iter().all(|&next| next == round + 1), "{round}");
            // A lost answer is given again for ten seconds, and then never.
            let kept = store.lock().unwrap().clone();
            let later = |seconds| now + SignedDuration::from_secs(seconds);
            assert_eq!(decide(&kept, round, later(10)), Decision::Again);
            assert_eq!(decide(&kept, round, later(11)), Decision::Replayed);
        }
        measured(
            "22",
            "refreshes at once have one successor",
            "1 successor; grace <= 10 s; the family dies of a replay",
            "1,000 rounds of 100 at once: 1 successor each; again after 10 s, replayed after 11 s",
        );
    }

    async fn refreshed(store: &Mutex<Session>, presented: u64, now: Timestamp) -> u64 {
        loop {
            let read = store.lock().unwrap().clone();
            tokio::task::yield_now().await;
            match decide(&read, presented, now) {
                Decision::Again => return read.generation,
                Decision::Rotate => {
                    let next = rotated(&read, now);
                    tokio::task::yield_now().await;
                    let mut stored = store.lock().unwrap();
                    if stored.generation == read.generation {
                        *stored = next;
                        return stored.generation;
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    }

    proptest! {
        /// Two hold the same token, each uses its newest whenever it likes. Nobody ever gets more than
        /// the current token, and once both went on by themselves the family ends.
        #[test]
        fn a_copied_token_ends_the_family(uses in proptest::collection::vec((any::<bool>(), 0_i64..40), 1..40)) {
            let (mut session, mut newest, mut second) = (family(1), [1_u64, 1], 0);
            session.rotated_at = at(-60);
            for (who, pause) in uses {
                second += pause;
                match decide(&session, newest[usize::from(who)], at(second)) {
                    Decision::Rotate => session = rotated(&session, at(second)),
                    Decision::Again => prop_assert!(at(second).duration_since(session.rotated_at) <= GRACE),
                    Decision::Ended => return Ok(()),
                    Decision::Replayed => {
                        prop_assert!(newest[usize::from(who)] < newest[usize::from(!who)]);
                        return Ok(());
                    }
                }
                newest[usize::from(who)] = session.generation;
            }
        }

        /// The owner alone is never signed out, however often answers are lost for a moment.
        #[test]
        fn lost_answers_within_the_grace_cost_nothing(lost in proptest::collection::vec((any::<bool>(), 0_i64..10), 1..60)) {
            let (mut session, mut held, mut second) = (family(1), 1_u64, 0);
            session.expires_at = at(1_000_000);
            for (answer_lost, pause) in lost {
                match decide(&session, held, at(second)) {
                    Decision::Rotate => session = rotated(&session, at(second)),
                    Decision::Again => {}
                    other => prop_assert!(false, "{other:?}"),
                }
                // A client retries at once; only after an answer it may pause for long.
                if answer_lost && at(second + pause).duration_since(session.rotated_at) <= GRACE {
                    second += pause;
                } else {
                    held = session.generation;
                    second += 900;
                }
            }
        }
    }
}
