//! The columns of a roll-up: small codes into sorted dictionaries, and sums.

/// Codes of one column, in the narrowest type that holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// Up to 2^8 values.
    U8(Vec<u8>),
    /// Up to 2^16 values.
    U16(Vec<u16>),
    /// More.
    U32(Vec<u32>),
}

/// A text column: sorted distinct values (null first, if there) and a code per row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Sorted; null first, if there.
    pub values: Vec<Option<Box<str>>>,
    /// Position in `values`, one per row.
    pub codes: Codes,
}

/// The days of the rows, as days since 1970-01-01: sorted distinct days and a code per row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// Sorted.
    pub values: Vec<i32>,
    /// Position in `values`, one per row.
    pub codes: Codes,
}

/// Sums of one cost column, in units of 10^-18. Real costs share trailing zeros, and then fit 64 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amounts {
    /// `values` x 10^`zeros`.
    Narrow {
        /// How many decimal zeros each value lacks.
        zeros: u8,
        /// One per row.
        values: Vec<i64>,
    },
    /// As they are.
    Wide(Vec<i128>),
}

impl Codes {
    /// In the width that `largest` needs.
    pub(crate) fn new(codes: Vec<u32>, largest: usize) -> Self {
        // The filters drop nothing: no code is larger than `largest`.
        if u8::try_from(largest).is_ok() {
            Self::U8(
                codes
                    .into_iter()
                    .filter_map(|code| u8::try_from(code).ok())
                    .collect(),
            )
        } else if u16::try_from(largest).is_ok() {
            Self::U16(
                codes
                    .into_iter()
                    .filter_map(|code| u16::try_from(code).ok())
                    .collect(),
            )
        } else {
            Self::U32(codes)
        }
    }

    /// The code of a row.
    pub fn get(&self, row: usize) -> u32 {
        match self {
            Self::U8(codes) => u32::from(codes[row]),
            Self::U16(codes) => u32::from(codes[row]),
            Self::U32(codes) => codes[row],
        }
    }

    pub(crate) fn largest(&self) -> Option<u32> {
        match self {
            Self::U8(codes) => codes.iter().max().map(|&code| u32::from(code)),
            Self::U16(codes) => codes.iter().max().map(|&code| u32::from(code)),
            Self::U32(codes) => codes.iter().max().copied(),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len() * 2,
            Self::U32(codes) => codes.len() * 4,
        }
    }
}

impl Column {
    pub(crate) fn bytes(&self) -> usize {
        let texts: usize = self.values.iter().flatten().map(|value| value.len()).sum();
        self.codes.bytes() + texts + self.values.len() * size_of::<Option<Box<str>>>()
    }
}

impl Amounts {
    /// In the narrowest form that holds every sum exactly.
    pub(crate) fn new(values: Vec<i128>) -> Self {
        let zeros = values
            .iter()
            .filter(|&&v| v != 0)
            .map(|&v| trailing_zeros(v))
            .min()
            .unwrap_or(0);
        let unit = 10_i128.pow(u32::from(zeros));
        match values.iter().map(|v| i64::try_from(v / unit)).collect() {
            Ok(values) => Self::Narrow { zeros, values },
            Err(_) => Self::Wide(values),
        }
    }

    /// The sum of a row, in units of 10^-18.
    pub fn get(&self, row: usize) -> i128 {
        match self {
            Self::Narrow { zeros, values } => {
                i128::from(values[row]) * 10_i128.pow(u32::from(*zeros))
            }
            Self::Wide(values) => values[row],
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Narrow { values, .. } => values.len() * 8,
            Self::Wide(values) => values.len() * 16,
        }
    }
}

/// The largest scale kept apart: whole units of the currency.
pub(crate) const MAX_ZEROS: u8 = 18;

fn trailing_zeros(mut value: i128) -> u8 {
    let mut zeros = 0;
    while zeros < MAX_ZEROS && value % 10 == 0 {
        value /= 10;
        zeros += 1;
    }
    zeros
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn narrow_columns_lose_nothing(
            codes in proptest::collection::vec(0..70_000_u32, 1..50),
            amounts in proptest::collection::vec((any::<i64>(), 0..20_u32), 1..50),
        ) {
            let column = Codes::new(codes.clone(), codes.iter().copied().max().unwrap() as usize);
            let back: Vec<u32> = (0..codes.len()).map(|row| column.get(row)).collect();
            prop_assert_eq!(back, codes);
            let amounts: Vec<i128> =
                amounts.into_iter().map(|(v, zeros)| i128::from(v) * 10_i128.pow(zeros)).collect();
            let column = Amounts::new(amounts.clone());
            let back: Vec<i128> = (0..amounts.len()).map(|row| column.get(row)).collect();
            prop_assert_eq!(back, amounts);
        }
    }
}
