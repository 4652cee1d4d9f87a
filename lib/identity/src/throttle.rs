//! How often something may be tried: counted on the account or address, before the work is done, so
//! that tries made at the same moment are counted each. Each kind of try has a count of its own: who
//! guesses passwords at the door bars neither the owner's sessions nor the way to a new password.
//!
//! A try that turned out right is given back, and nothing else with it: whoever guesses meanwhile has no
//! more tries than before, and cannot tell from them that somebody signed in.

use jiff::{SignedDuration, Timestamp};
use outlay_core::UserId;
use outlay_store::{Condition, Counted, RegistryTable, StoreError, Throttle};

/// How much of something fits into a window.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Of what.
    pub counted: Counted,
    /// So many.
    pub most: u64,
    /// In so long.
    pub window: SignedDuration,
}

/// Passwords at the door (promise 19: at most 20 checked per 15 minutes).
pub const SIGN_IN: Limit = Limit::per_quarter(Counted::SignIn);
/// Current passwords of somebody signed in.
pub const PASSWORD_CHANGE: Limit = Limit::per_quarter(Counted::PasswordChange);
/// Mails that tell of a session that was copied: whoever knows the password can make as many as they like.
pub const REPLAY_MAIL: Limit = Limit {
    counted: Counted::ReplayMail,
    most: 5,
    window: SignedDuration::from_hours(1),
};
/// Companies founded by one person.
pub const FOUNDING: Limit = Limit {
    counted: Counted::Founding,
    most: 5,
    window: SignedDuration::from_hours(1),
};

impl Limit {
    const fn per_quarter(counted: Counted) -> Self {
        Self {
            counted,
            most: 20,
            window: SignedDuration::from_mins(15),
        }
    }

    /// Mails with a way to a new password that lives so long.
    pub const fn reset_mail(lifetime: SignedDuration) -> Self {
        Self::mails(Counted::ResetMail, lifetime)
    }

    /// Mails with a code that proves an address and lives so long.
    pub const fn registration_mail(lifetime: SignedDuration) -> Self {
        Self::mails(Counted::RegistrationMail, lifetime)
    }

    /// Mails with something that opens a door. The window is no longer than that lives: whoever uses the count up for
    /// somebody else has filled that mailbox with what is still good.
    const fn mails(counted: Counted, lifetime: SignedDuration) -> Self {
        Self {
            counted,
            most: 5,
            window: lifetime,
        }
    }
}

/// More rounds than there are tries to lose to others.
const ROUNDS: usize = 50;

/// A try that was taken: what was counted against whom, and in which window.
#[derive(Debug, Clone)]
#[must_use]
pub struct Taken {
    id: (UserId, Counted),
    window_ends: Timestamp,
}

/// Takes one try, or says how many seconds there are to wait for one.
pub async fn take_try(
    registry: &RegistryTable,
    user: &UserId,
    limit: Limit,
    now: Timestamp,
) -> Result<Result<Taken, u32>, StoreError> {
    let id = (user.clone(), limit.counted);
    for _ in 0..ROUNDS {
        let stored = registry.get::<Throttle>(&id).await?;
        let unchanged = unchanged(stored.as_ref());
        let next = match next_try(user, limit, stored, now) {
            Ok(next) => next,
            Err(seconds) => return Ok(Err(seconds)),
        };
        match registry.writes().put(&next, unchanged)?.commit().await {
            Err(StoreError::Conflict) => {}
            outcome => {
                outcome?;
                let window_ends = next.window_ends;
                return Ok(Ok(Taken { id, window_ends }));
            }
        }
    }
    Ok(Err(1))
}

/// Gives back a try that turned out right. The window stands, with every other try in it; of a window
/// that has ended nothing is given back.
pub async fn give_back(registry: &RegistryTable, taken: &Taken) -> Result<(), StoreError> {
    for _ in 0..ROUNDS {
        let stored = registry.get::<Throttle>(&taken.id).await?;
        let stored = stored.filter(|stored| stored.window_ends == taken.window_ends);
        let Some(stored) = stored else {
            return Ok(());
        };
        let less = registry
            .writes()
            .put(&one_less(&stored), unchanged(Some(&stored)))?;
        match less.commit().await {
            Err(StoreError::Conflict) => {}
            outcome => return outcome,
        }
    }
    // Lost to so many others: it stays counted, which the end of the window mends.
    Ok(())
}

/// The count is as it was read. Its window belongs to it: another one may have as many tries.
fn unchanged(stored: Option<&Throttle>) -> Condition {
    stored.map_or(Condition::Absent, |stored| {
        Condition::number("tries", stored.tries)
            .and(Condition::text("windowEnds", &stored.window_ends))
    })
}

/// The count with this try, or the seconds to wait. The try that succeeds is counted too, until
/// it is given back.
fn next_try(
    user: &UserId,
    limit: Limit,
    stored: Option<Throttle>,
    now: Timestamp,
) -> Result<Throttle, u32> {
    match stored {
        Some(s) if s.tries > 0 && now < s.window_ends => {
            if s.tries < limit.most {
                let tries = s.tries + 1;
                return Ok(Throttle { tries, ..s });
            }
            let left = s.window_ends.duration_since(now).as_secs() + 1;
            Err(u32::try_from(left).unwrap_or(u32::MAX))
        }
        stored => {
            let window_ends = now.saturating_add(limit.window).unwrap_or(Timestamp::MAX);
            // A request that looked at its clock a while ago begins no window before the one that is there.
            let window_ends = stored.map_or(window_ends, |s| window_ends.max(s.window_ends));
            Ok(Throttle {
                user_id: user.clone(),
                counted: limit.counted,
                tries: 1,
                window_ends,
            })
        }
    }
}

/// The count without one try. Without any, the next one begins a window of its own: whoever guesses must not see by the
/// window's end that somebody was here before.
fn one_less(stored: &Throttle) -> Throttle {
    Throttle {
        tries: stored.tries.saturating_sub(1),
        ..stored.clone()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn twenty_tries_and_then_a_wait_until_the_window_ends() {
        let user = UserId::mint();
        let mut stored = None;
        for second in 0..20 {
            stored = Some(next_try(&user, SIGN_IN, stored, at(second)).unwrap());
        }
        assert_eq!(
            next_try(&user, SIGN_IN, stored.clone(), at(20)).unwrap_err(),
            881
        );
        assert_eq!(
            next_try(&user, SIGN_IN, stored.clone(), at(899)).unwrap_err(),
            2
        );
        let anew = next_try(&user, SIGN_IN, stored, at(900)).unwrap();
        assert_eq!((anew.tries, anew.window_ends), (1, at(1800)));
    }

    /// However mails are asked for, by whomever: either a way to a new password, or a code for a registration, that
    /// was mailed is still good, or another one can be had at once.
    #[test]
    fn nobody_is_kept_from_a_new_password_or_an_account() {
        let (user, lifetime) = (UserId::mint(), SignedDuration::from_mins(10));
        for limit in [
            Limit::reset_mail(lifetime),
            Limit::registration_mail(lifetime),
        ] {
            let (mut stored, mut alive_until) = (None, at(0));
            for second in 0..7200 {
                match next_try(&user, limit, stored.clone(), at(second)) {
                    Ok(next) => {
                        stored = Some(next);
                        alive_until = at(second) + lifetime;
                    }
                    Err(_) => assert!(at(second) < alive_until, "shut out at {second} s"),
                }
            }
        }
    }

    /// An expired window of one try, and the one that took its place, also of one try.
    #[test]
    fn another_window_of_as_many_tries_is_another_count() {
        let user = UserId::mint();
        let before = next_try(&user, SIGN_IN, None, at(0)).unwrap();
        let after = next_try(&user, SIGN_IN, Some(before.clone()), at(900)).unwrap();
        assert_eq!((before.tries, after.tries), (1, 1));
        assert!(holds(&unchanged(Some(&before)), Some(&before)));
        assert!(!holds(&unchanged(Some(&before)), Some(&after)));
        assert!(!holds(&unchanged(Some(&before)), None));
        assert!(holds(&unchanged(None), None) && !holds(&unchanged(None), Some(&after)));
    }

    #[test]
    fn a_right_try_gives_back_itself_and_no_more() {
        let user = UserId::mint();
        let mut stored = None;
        for second in 0..20 {
            stored = Some(next_try(&user, SIGN_IN, stored, at(second)).unwrap());
        }
        let left = one_less(&stored.unwrap());
        assert_eq!((left.tries, left.window_ends), (19, at(900)));
        let last = next_try(&user, SIGN_IN, Some(left), at(30)).unwrap();
        assert_eq!(
            next_try(&user, SIGN_IN, Some(last), at(31)).unwrap_err(),
            870
        );
        let none = one_less(&next_try(&user, SIGN_IN, None, at(0)).unwrap());
        let next = next_try(&user, SIGN_IN, Some(none), at(60)).unwrap();
        let unseen = (next.tries, next.window_ends);
        assert_eq!(unseen, (1, at(960)), "no trace of who was here");
    }

    /// What DynamoDB says of a condition.
    fn holds(condition: &Condition, stored: Option<&Throttle>) -> bool {
        match (condition, stored) {
            (Condition::Any, _) | (Condition::Absent, None) => true,
            (Condition::Absent, Some(_)) | (Condition::Equals(_), None) => false,
            (Condition::Equals(wanted), Some(stored)) => {
                let item = serde_json::to_value(stored).unwrap();
                wanted.iter().all(|(name, value)| match &item[*name] {
                    Value::String(text) => value.as_s().is_ok_and(|wanted| wanted == text),
                    number => value.as_n().ok().cloned() == Some(number.to_string()),
                })
            }
        }
    }

    /// Two tries in five seconds.
    const FEW: Limit = Limit {
        counted: Counted::SignIn,
        most: 2,
        window: SignedDuration::from_secs(5),
    };

    /// Somebody on their way through the door.
    #[derive(Clone)]
    enum Guest {
        Outside,
        Looked(Option<Throttle>, Timestamp),
        Taken(Timestamp),
        GivingBack(Throttle),
    }

    /// One step of somebody: what `take_try` and `give_back` do between two calls of the table. `wrong` are
    /// the windows of the tries that were not given back.
    fn step(
        guest: &Guest,
        stored: &mut Option<Throttle>,
        wrong: &mut Vec<Timestamp>,
        (right, now): (bool, Timestamp),
    ) -> Guest {
        match guest {
            Guest::Outside => Guest::Looked(stored.clone(), now),
            Guest::Looked(seen, now) => {
                let user = UserId::derive(&["u"]);
                match next_try(&user, FEW, seen.clone(), *now) {
                    Err(_) => Guest::Outside,
                    Ok(next) if holds(&unchanged(seen.as_ref()), stored.as_ref()) => {
                        wrong.push(next.window_ends);
                        Guest::Taken(stored.insert(next).window_ends)
                    }
                    Ok(_) => Guest::Looked(stored.clone(), *now),
                }
            }
            Guest::Taken(ends) => match stored.as_ref().filter(|s| s.window_ends == *ends) {
                Some(seen) if right => Guest::GivingBack(seen.clone()),
                _ => Guest::Outside,
            },
            Guest::GivingBack(seen) => {
                let ends = seen.window_ends;
                if !holds(&unchanged(Some(seen)), stored.as_ref()) {
                    return Guest::Taken(ends);
                }
                *stored = Some(one_less(seen));
                let given = wrong.iter().position(|window| *window == ends).unwrap();
                wrong.remove(given);
                Guest::Outside
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// In whatever order four people look, write and give back while time goes on: no window holds more wrong
        /// tries than allowed, and none begins before the one before it has ended.
        #[test]
        fn no_order_of_events_gives_a_guess_too_many(
            steps in proptest::collection::vec((0_usize..4, any::<bool>(), 0_i64..3), 1..80),
        ) {
            let (mut guests, mut second) = (vec![Guest::Outside; 4], 0);
            let (mut stored, mut wrong) = (None, Vec::new());
            for (who, right, pause) in steps {
                second += pause;
                guests[who] = step(&guests[who], &mut stored, &mut wrong, (right, at(second)));
                for ends in &wrong {
                    let begins = *ends - FEW.window;
                    prop_assert!(wrong.iter().filter(|other| *other == ends).count() <= 2);
                    prop_assert!(wrong.iter().all(|other| other >= ends || *other <= begins));
                }
            }
        }

        /// Whenever tries are made, no window of our counting holds more than 20.
        #[test]
        fn no_window_holds_more(steps in proptest::collection::vec(0_i64..120, 1..200)) {
            let user = UserId::mint();
            let (mut stored, mut second, mut allowed) = (None::<Throttle>, 0, Vec::new());
            for step in steps {
                second += step;
                if let Ok(next) = next_try(&user, SIGN_IN, stored.clone(), at(second)) {
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
