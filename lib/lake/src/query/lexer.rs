//! The words of the text form.

use super::Dimension;

/// A word, with the number of its first character, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A keyword or the name of a dimension.
    Word(String),
    /// `tag:` and its key.
    Tag(Dimension),
    /// A string, unescaped.
    Text(String),
    /// `(`, `)`, `,`, `=` or `!=`.
    Sign(&'static str),
}

/// Splits a text, or says at which character it cannot.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut lexer = Lexer { rest: text, at: 1 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    Ok(tokens)
}

/// Whether a tag key can stand without quotes.
pub(super) fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.:/@+".contains(c)
}

struct Lexer<'t> {
    rest: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn next(&mut self) -> Result<Option<Token>, String> {
        let blank = self.rest.len() - self.rest.trim_start().len();
        self.take(blank);
        let at = self.at;
        let Some(first) = self.rest.chars().next() else {
            return Ok(None);
        };
        let kind = match first {
            '"' => Kind::Text(self.string()?),
            '(' | ')' | ',' | '=' | '!' => Kind::Sign(self.sign()?),
            _ if self.rest.starts_with("tag:") => self.tag()?,
            c if c.is_ascii_alphabetic() => Kind::Word(
                self.take_while(|c| c.is_ascii_alphanumeric() || c == '_')
                    .to_owned(),
            ),
            _ => return Err(format!("unexpected {first:?} at character {at}")),
        };
        Ok(Some(Token { kind, at }))
    }

    fn sign(&mut self) -> Result<&'static str, String> {
        let sign = ["(", ")", ",", "=", "!="]
            .into_iter()
            .find(|sign| self.rest.starts_with(sign));
        let sign = sign.ok_or_else(|| format!("unexpected '!' at character {}", self.at))?;
        self.take(sign.len());
        Ok(sign)
    }

    fn tag(&mut self) -> Result<Kind, String> {
        let at = self.at;
        self.take("tag:".len());
        let key = if self.rest.starts_with('"') {
            self.string()?
        } else {
            self.take_while(is_bare).to_owned()
        };
        let tag = format!("tag:{key}").parse();
        tag.map(Kind::Tag)
            .map_err(|e| format!("{e}, at character {at}"))
    }

    /// A JSON string: ends at the first quote that no backslash escapes.
    fn string(&mut self) -> Result<String, String> {
        let at = self.at;
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|&(_, c)| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let (end, _) = end.ok_or_else(|| format!("the string at character {at} has no end"))?;
        let literal = self.take(end + 1);
        serde_json::from_str(literal)
            .map_err(|_| format!("the string at character {at} is not a JSON string"))
    }

    fn take_while(&mut self, part: impl Fn(char) -> bool) -> &'t str {
        self.take(self.rest.find(|c| !part(c)).unwrap_or(self.rest.len()))
    }

    /// The next `bytes` bytes, which end at a character.
    fn take(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.at += taken.chars().count();
        self.rest = rest;
        taken
    }
}
