/// SplitMix64: small, and the same on every machine and in every version of every crate.
pub(crate) struct Random(u64);

impl Random {
    /// The stream that these parts always name, so that a day can be drawn without those before it.
    pub(crate) fn stream(parts: &[u64]) -> Self {
        let mut random = Self(0x6f75_746c_6179);
        for &part in parts {
            random.0 ^= part;
            random.0 = random.next();
        }
        random
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        let width = u64::from(high - low) + 1;
        low + u32::try_from(self.next() % width).unwrap_or(0)
    }

    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let last = u32::try_from(from.len() - 1).unwrap_or(0);
        &from[self.between(0, last) as usize]
    }
}
