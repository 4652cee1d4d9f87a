//! The text form of a filter: one parser and one printer.

use std::fmt::{self, Formatter};

use super::{
    Dimension, Filter, Operator, Test,
    lexer::{self, Kind, Token},
};

/// Reads a filter; an error names the character, counted from 1.
pub(super) fn parse(text: &str, max_depth: usize) -> Result<Filter, String> {
    let mut parser = Parser {
        tokens: lexer::tokens(text)?,
        next: 0,
        depth_left: max_depth + 1,
    };
    let filter = parser.filter()?;
    match parser.peek() {
        None => Ok(filter),
        Some(_) => parser.expected("\"and\", \"or\" or the end"),
    }
}

/// Reads a comma-separated list of dimensions, as the URL writes them.
pub(super) fn parse_dimensions(text: &str) -> Result<Vec<Dimension>, String> {
    let mut parser = Parser {
        tokens: lexer::tokens(text)?,
        next: 0,
        depth_left: 0,
    };
    let mut dimensions = vec![parser.dimension()?];
    while parser.sign(",") {
        dimensions.push(parser.dimension()?);
    }
    match parser.peek() {
        None => Ok(dimensions),
        Some(_) => parser.expected("a comma or the end"),
    }
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    /// Levels of parentheses and "not" still allowed: the stack is not the user's to fill.
    depth_left: usize,
}

impl Parser {
    fn filter(&mut self) -> Result<Filter, String> {
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        Ok(single(parts).unwrap_or_else(|or| Filter::Or { or }))
    }

    fn all(&mut self) -> Result<Filter, String> {
        let mut parts = vec![self.one()?];
        while self.word("and") {
            parts.push(self.one()?);
        }
        Ok(single(parts).unwrap_or_else(|and| Filter::And { and }))
    }

    fn one(&mut self) -> Result<Filter, String> {
        if self.depth_left == 0 {
            return Err("the filter is nested more than 32 levels deep".to_owned());
        }
        self.depth_left -= 1;
        let filter = if self.word("not") {
            Filter::Not {
                not: Box::new(self.one()?),
            }
        } else if self.sign("(") {
            let inner = self.filter()?;
            if !self.sign(")") {
                return self.expected("\"and\", \"or\" or \")\"");
            }
            inner
        } else {
            Filter::Test(self.test()?)
        };
        self.depth_left += 1;
        Ok(filter)
    }

    fn test(&mut self) -> Result<Test, String> {
        let dimension = self.dimension()?;
        let (operator, values) = self.operator()?;
        Ok(Test {
            dimension,
            operator,
            values,
        })
    }

    fn dimension(&mut self) -> Result<Dimension, String> {
        let dimension = match self.peek() {
            Some(Kind::Tag(tag)) => Some(tag.clone()),
            Some(Kind::Word(name)) => name.parse().ok(),
            _ => None,
        };
        match dimension {
            None => self.expected("a dimension"),
            Some(dimension) => {
                self.next += 1;
                Ok(dimension)
            }
        }
    }

    fn operator(&mut self) -> Result<(Operator, Vec<String>), String> {
        if self.sign("=") {
            return Ok((Operator::In, vec![self.string()?]));
        }
        if self.sign("!=") {
            return Ok((Operator::NotIn, vec![self.string()?]));
        }
        if self.word("is") {
            let operator = if self.word("not") {
                Operator::IsNotNull
            } else {
                Operator::IsNull
            };
            return if self.word("null") {
                Ok((operator, Vec::new()))
            } else {
                self.expected("\"null\"")
            };
        }
        let negated = self.word("not");
        if self.word("in") {
            let operator = if negated {
                Operator::NotIn
            } else {
                Operator::In
            };
            return Ok((operator, self.list()?));
        }
        if self.word("contains") {
            let operator = if negated {
                Operator::NotContains
            } else {
                Operator::Contains
            };
            return Ok((operator, self.some()?));
        }
        if negated {
            return self.expected("\"in\" or \"contains\"");
        }
        let operator = if self.word("starts") {
            Operator::StartsWith
        } else if self.word("ends") {
            Operator::EndsWith
        } else {
            return self.expected(
                "an operator: =, !=, in, not in, contains, not contains, starts with, ends with, is null or is not null",
            );
        };
        if self.word("with") {
            Ok((operator, self.some()?))
        } else {
            self.expected("\"with\"")
        }
    }

    fn some(&mut self) -> Result<Vec<String>, String> {
        match self.peek() {
            Some(Kind::Sign("(")) => self.list(),
            _ => Ok(vec![self.string()?]),
        }
    }

    fn list(&mut self) -> Result<Vec<String>, String> {
        if !self.sign("(") {
            return self.expected("\"(\"");
        }
        let mut values = vec![self.string()?];
        while self.sign(",") {
            values.push(self.string()?);
        }
        if self.sign(")") {
            Ok(values)
        } else {
            self.expected("a comma or \")\"")
        }
    }

    fn string(&mut self) -> Result<String, String> {
        match self.peek().cloned() {
            Some(Kind::Text(value)) => {
                self.next += 1;
                Ok(value)
            }
            _ => self.expected("a value in double quotes"),
        }
    }

    fn word(&mut self, keyword: &str) -> bool {
        let is =
            matches!(self.peek(), Some(Kind::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.next += usize::from(is);
        is
    }

    fn sign(&mut self, sign: &str) -> bool {
        let is = matches!(self.peek(), Some(Kind::Sign(s)) if *s == sign);
        self.next += usize::from(is);
        is
    }

    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn expected<T>(&self, what: &str) -> Result<T, String> {
        Err(match self.tokens.get(self.next) {
            Some(token) => format!("expected {what} at character {}", token.at),
            None => format!("expected {what} at the end"),
        })
    }
}

/// The only part, or all of them.
fn single(mut parts: Vec<Filter>) -> Result<Filter, Vec<Filter>> {
    match parts.pop() {
        Some(only) if parts.is_empty() => Ok(only),
        Some(last) => {
            parts.push(last);
            Err(parts)
        }
        None => Err(parts),
    }
}

/// Prints a filter so that reading it gives it back.
pub(super) fn write(filter: &Filter, f: &mut Formatter<'_>) -> fmt::Result {
    match filter {
        Filter::And { and } => write_parts(and, " and ", f),
        Filter::Or { or } => write_parts(or, " or ", f),
        Filter::Not { not } => {
            f.write_str("not ")?;
            write_inner(not, f)
        }
        Filter::Test(test) => write_test(test, f),
    }
}

/// Prints a comma-separated list of dimensions.
pub(super) fn dimensions(dimensions: &[Dimension]) -> String {
    dimensions
        .iter()
        .map(dimension)
        .collect::<Vec<_>>()
        .join(",")
}

fn write_parts(parts: &[Filter], word: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(word)?;
        }
        write_inner(part, f)?;
    }
    Ok(())
}

fn write_inner(part: &Filter, f: &mut Formatter<'_>) -> fmt::Result {
    match part {
        Filter::And { .. } | Filter::Or { .. } => write!(f, "({part})"),
        Filter::Not { .. } | Filter::Test(_) => write!(f, "{part}"),
    }
}

fn write_test(test: &Test, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{} ", dimension(&test.dimension))?;
    let word = match (test.operator, test.values.len()) {
        (Operator::In, 1) => "=",
        (Operator::NotIn, 1) => "!=",
        (Operator::In, _) => "in",
        (Operator::NotIn, _) => "not in",
        (Operator::Contains, _) => "contains",
        (Operator::NotContains, _) => "not contains",
        (Operator::StartsWith, _) => "starts with",
        (Operator::EndsWith, _) => "ends with",
        (Operator::IsNull, _) => return f.write_str("is null"),
        (Operator::IsNotNull, _) => return f.write_str("is not null"),
    };
    let values: Vec<String> = test.values.iter().map(|value| quoted(value)).collect();
    match values.as_slice() {
        [only] => write!(f, "{word} {only}"),
        many => write!(f, "{word} ({})", many.join(",")),
    }
}

fn dimension(dimension: &Dimension) -> String {
    match dimension {
        Dimension::Tag(key) if !key.chars().all(lexer::is_bare) => format!("tag:{}", quoted(key)),
        plain => plain.to_string(),
    }
}

fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}
