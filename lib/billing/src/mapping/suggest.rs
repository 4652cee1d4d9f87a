//! A first mapping of a file that no reader knows, from the names of its columns and from what its
//! first rows hold. A person confirms it.

use serde::Serialize;

use super::{
    CostSign, Mapping, NumberFormat,
    words::{Kind, REQUIRED, WORDS, Words},
};
use crate::{
    dates::DateFormat, detect::canonical, json_map, rejection::quote,
    requirements::is_national_currency,
};

/// A mapping to confirm, and how sure each part of it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// What was found; may lack required targets.
    pub mapping: Mapping,
    /// Why, target by target, the surest first.
    pub targets: Vec<Suggested>,
    /// Required targets for which nothing was found.
    pub missing: Vec<&'static str>,
    /// What the rows cannot tell; the mapping holds the likelier answer.
    pub questions: Vec<Question>,
}

/// One target of a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggested {
    /// FOCUS column.
    pub target: &'static str,
    /// Column of the file.
    pub source: String,
    /// How sure, of 100.
    pub confidence: u8,
    /// What speaks for it.
    pub reason: String,
}

/// What a person has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Every date suits day first as well as month first.
    DateOrder,
    /// Every number suits a decimal point as well as a decimal comma.
    DecimalMark,
    /// No cost is positive: is it money spent, or money that comes back?
    Sign,
}

/// Suggests a mapping. A few dozen rows are enough; cells beyond the header are ignored.
pub fn suggest(header: &[String], rows: &[Vec<String>]) -> Suggestion {
    let columns: Vec<Source> = header
        .iter()
        .enumerate()
        .map(|(index, name)| Source::new(index, name, rows))
        .collect();
    let (dates, date_order) = date_format(&columns);
    let (numbers, decimal_mark) = number_format(&columns);
    let targets = assign(candidates(&columns, dates, numbers));
    let mut mapping = Mapping {
        dates,
        numbers,
        ..Mapping::default()
    };
    for target in &targets {
        let source = target.source.clone();
        mapping.columns.insert(target.target.into(), source);
    }
    let mut questions = Vec::new();
    if date_order
        && targets
            .iter()
            .any(|t| kind_of(t.target) == Some(Kind::Date))
    {
        questions.push(Question::DateOrder);
    }
    if decimal_mark {
        questions.push(Question::DecimalMark);
    }
    if let Some(cost) = mapping.columns.get("BilledCost")
        && is_turned_round(&columns, cost, numbers)
    {
        mapping.sign = CostSign::Spent;
        questions.push(Question::Sign);
    }
    if !mapping.columns.contains_key("BillingCurrency")
        && let Some(currency) = named_currency(&mapping, &columns)
    {
        mapping.constants.insert("BillingCurrency".into(), currency);
    }
    Suggestion {
        missing: mapping.missing(),
        mapping,
        targets,
        questions,
    }
}

/// A column of the file.
struct Source<'f> {
    index: usize,
    name: &'f str,
    canonical: String,
    /// The cells that are not empty.
    values: Vec<&'f str>,
}

impl<'f> Source<'f> {
    fn new(index: usize, name: &'f str, rows: &'f [Vec<String>]) -> Self {
        let cells = rows.iter().filter_map(|row| row.get(index));
        let values = cells.map(|cell| cell.trim());
        Self {
            index,
            name,
            canonical: canonical(name),
            values: values.filter(|v| !v.is_empty() && *v != "NULL").collect(),
        }
    }

    fn all(&self, fits: impl Fn(&str) -> bool) -> bool {
        self.values.iter().all(|value| fits(value))
    }
}

/// Digits alone may be a date in three forms, a number and an id: the name must say date.
fn is_dated(column: &Source) -> bool {
    let named = WORDS
        .iter()
        .any(|words| words.1 == Kind::Date && name_score(column, words).is_some());
    let digits = column.all(|value| value.bytes().all(|b| b.is_ascii_digit()));
    !column.values.is_empty() && (named || !digits)
}

/// The first form that all date columns have, and whether another order of day and month fits.
fn date_format(columns: &[Source]) -> (DateFormat, bool) {
    let fits = |form: DateFormat| move |value: &str| form.parse(value).is_some();
    let dated: Vec<&Source> = columns
        .iter()
        .filter(|column| is_dated(column))
        .filter(|column| {
            DateFormat::ALL
                .iter()
                .any(|(form, _)| column.all(fits(*form)))
        })
        .collect();
    let whole = |form: DateFormat| !dated.is_empty() && dated.iter().all(|c| c.all(fits(form)));
    let form = DateFormat::ALL
        .into_iter()
        .map(|(form, _)| form)
        .find(|f| whole(*f));
    let form = form.unwrap_or_default();
    (form, form == DateFormat::Us && whole(DateFormat::Eu))
}

/// The strictest form that all columns named like numbers have.
fn number_format(columns: &[Source]) -> (NumberFormat, bool) {
    let fits = |form: NumberFormat| move |value: &str| form.parse(value).is_ok();
    let counted: Vec<&Source> = columns
        .iter()
        .filter(|column| {
            let mut words = WORDS.iter().filter(|words| words.1 == Kind::Number);
            !column.values.is_empty() && words.any(|w| name_score(column, w).is_some())
        })
        .filter(|column| NumberFormat::ALL.iter().any(|form| column.all(fits(*form))))
        .collect();
    let whole = |form: NumberFormat| counted.iter().all(|c| c.all(fits(form)));
    let form = NumberFormat::ALL.into_iter().find(|f| whole(*f));
    let form = form.unwrap_or_default();
    // Currency signs alone leave the mark open too, but say nothing that could go wrong.
    let marked = |value: &&str| value.contains(['.', ',']);
    let any_mark = counted.iter().any(|c| c.values.iter().any(marked));
    let both = form == NumberFormat::Point && whole(NumberFormat::Comma);
    (form, both && any_mark)
}

struct Candidate {
    /// Place of the target among all words.
    order: usize,
    source: usize,
    /// Place of the word among the names of the target.
    rank: usize,
    suggested: Suggested,
}

fn candidates(columns: &[Source], dates: DateFormat, numbers: NumberFormat) -> Vec<Candidate> {
    let mut found = Vec::new();
    for column in columns {
        for (order, words) in WORDS.iter().enumerate() {
            let (target, kind, _) = *words;
            let fit = fit(column, kind, dates, numbers);
            let required = order < REQUIRED;
            let Some((confidence, rank, reason)) = score(column, words, fit, required) else {
                continue;
            };
            found.push(Candidate {
                order,
                source: column.index,
                rank,
                suggested: Suggested {
                    target,
                    source: column.name.to_owned(),
                    confidence,
                    reason,
                },
            });
        }
    }
    found
}

/// What the values of a column say about a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// There are none.
    Unknown,
    /// They look like it, and like little else.
    Telling,
    /// They may be.
    Possible,
    Impossible,
}

fn fit(column: &Source, kind: Kind, dates: DateFormat, numbers: NumberFormat) -> Fit {
    if column.values.is_empty() {
        return Fit::Unknown;
    }
    let number = column.all(|v| numbers.parse(v).is_ok());
    let date = column.all(|v| dates.parse(v).is_some());
    match kind {
        Kind::Number if number => Fit::Telling,
        Kind::Date if date && is_dated(column) => Fit::Telling,
        Kind::Currency if column.all(is_national_currency) => Fit::Telling,
        Kind::Currency if column.all(|v| v.chars().all(char::is_alphabetic)) => Fit::Possible,
        Kind::Id if column.all(is_id) => Fit::Telling,
        Kind::Json if column.all(|v| json_map::for_each(v, |_, _| {}).is_ok()) => Fit::Telling,
        Kind::Text if number || date => Fit::Impossible,
        Kind::Text | Kind::Id => Fit::Possible,
        _ => Fit::Impossible,
    }
}

/// Without blanks, and with a digit.
fn is_id(value: &str) -> bool {
    !value.contains(char::is_whitespace) && value.contains(|c: char| c.is_ascii_digit())
}

fn score(column: &Source, words: &Words, fit: Fit, required: bool) -> Option<(u8, usize, String)> {
    let (_, kind, _) = *words;
    if fit == Fit::Impossible {
        return None;
    }
    let values = match fit {
        Fit::Telling => (12, format!(" and its cells hold {}", holds(kind))),
        _ => (0, String::new()),
    };
    let name = quote(column.name);
    if let Some((score, rank)) = name_score(column, words) {
        let says = if score >= 80 {
            "is named"
        } else {
            "is named much"
        };
        let reason = format!("{name} {says} like it{}", values.1);
        return Some((score + values.0, rank, reason));
    }
    // Currency codes and written dates tell themselves.
    let telling = matches!(kind, Kind::Currency | Kind::Date) && fit == Fit::Telling && required;
    telling.then(|| {
        let reason = format!("The cells of {name} hold {}", holds(kind));
        (40, usize::MAX, reason)
    })
}

fn holds(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "numbers",
        Kind::Date => "dates",
        Kind::Currency => "currency codes",
        Kind::Id => "ids",
        Kind::Text => "texts",
        Kind::Json => "JSON objects",
    }
}

/// How well a name suits: the FOCUS name, another name, or a name with other words around it.
fn name_score(column: &Source, words: &Words) -> Option<(u8, usize)> {
    const SHORTEST_PART: usize = 4;
    let (target, _, names) = *words;
    if column.canonical == canonical(target) {
        return Some((88, 0));
    }
    if let Some(rank) = names.iter().position(|name| *name == column.canonical) {
        return Some((80, rank));
    }
    let part = |name: &&str| {
        name.len() >= SHORTEST_PART
            && (column.canonical.starts_with(*name) || column.canonical.ends_with(*name))
    };
    let rank = names.iter().position(part)?;
    Some((50, rank))
}

/// A target has one column, and a column one target: the surest first, then the better name.
fn assign(mut candidates: Vec<Candidate>) -> Vec<Suggested> {
    let surest = |c: &Candidate| std::cmp::Reverse(c.suggested.confidence);
    candidates.sort_by_key(|c| (surest(c), c.rank, c.order, c.source));
    let mut taken: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let clash = |t: &Candidate| t.order == candidate.order || t.source == candidate.source;
        if !taken.iter().any(clash) {
            taken.push(candidate);
        }
    }
    taken.sort_by_key(|c| (surest(c), c.order));
    taken.into_iter().map(|c| c.suggested).collect()
}

fn kind_of(target: &str) -> Option<Kind> {
    let words = WORDS.iter().find(|words| words.0 == target)?;
    Some(words.1)
}

/// At least three costs, none above zero: a statement of what was spent, or a list of credits.
fn is_turned_round(columns: &[Source], cost: &str, numbers: NumberFormat) -> bool {
    let column = columns.iter().find(|column| column.name == cost);
    let parsed = column.map(|c| c.values.iter().filter_map(|v| numbers.parse(v).ok()));
    let costs: Vec<_> = parsed.into_iter().flatten().collect();
    let below = costs.iter().filter(|c| c.value.units() < 0).count();
    let above = costs.iter().filter(|c| c.value.units() > 0).count();
    below >= 3 && above == 0
}

/// `Cost (USD)` says its currency itself.
fn named_currency(mapping: &Mapping, columns: &[Source]) -> Option<String> {
    let cost = mapping.columns.get("BilledCost")?;
    let column = columns.iter().find(|column| column.name == cost)?;
    let mut words = column.name.split(|c: char| !c.is_ascii_alphabetic());
    let last = words.clone().rfind(|word| !word.is_empty());
    let written = words.find(|word| is_national_currency(word));
    let last = last.map(str::to_ascii_uppercase);
    written
        .map(str::to_owned)
        .or(last.filter(|word| is_national_currency(word)))
}
