//! PNG predictors (7.4.4.4), as cross-reference streams use them.

/// Undoes PNG predictors in place, over rows of `columns` bytes, each led by its predictor.
pub fn unpredict(data: &mut Vec<u8>, columns: usize) -> Option<()> {
    let rows = data.len() / (columns + 1);
    // What stands above: the first eight bytes of the row before.
    let mut above = 0;
    for row in 0..rows {
        // A row moves to the front, always behind what is still to be read.
        let (to, from) = (row * columns, row * (columns + 1) + 1);
        let kind = data[from - 1];
        // By far the most rows of a cross-reference are like this. From row 8 on, eight bytes at once touch nothing that is
        // still to be read, and the next row mends what they write too far.
        if kind == 2
            && columns <= 8
            && row >= 8
            && let Some(eight) = eight(data, from)
        {
            above = add_bytes(eight, above);
            data.get_mut(to..to + 8)?.copy_from_slice(&above.to_le_bytes());
            continue;
        }
        let (mut left, mut upper_left) = (0u8, 0u8);
        for index in 0..columns {
            let above = if row == 0 { 0 } else { data[to + index - columns] };
            let prediction = match kind {
                0 => 0,
                1 => left,
                2 => above,
                3 => ((u16::from(left) + u16::from(above)) / 2) as u8,
                4 => paeth(left, above, upper_left),
                _ => return None,
            };
            (left, upper_left) = (data[from + index].wrapping_add(prediction), above);
            data[to + index] = left;
        }
        above = eight(data, to).unwrap_or(0);
    }
    data.truncate(rows * columns);
    Some(())
}

fn eight(data: &[u8], at: usize) -> Option<u64> {
    data.get(at..)?.first_chunk().copied().map(u64::from_le_bytes)
}

/// Adds byte by byte, without carry from one to the next.
fn add_bytes(a: u64, b: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    ((a & LOW) + (b & LOW)) ^ ((a ^ b) & !LOW)
}

fn paeth(left: u8, above: u8, upper_left: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(above) - i16::from(upper_left);
    let distance = |value: u8| (estimate - i16::from(value)).abs();
    if distance(left) <= distance(above) && distance(left) <= distance(upper_left) {
        left
    } else if distance(above) <= distance(upper_left) {
        above
    } else {
        upper_left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PNG, 9: row by row, as it is written there.
    fn by_the_letter(data: &[u8], columns: usize) -> Vec<u8> {
        let mut decoded: Vec<Vec<u8>> = vec![vec![0; columns]];
        for row in data.chunks_exact(columns + 1) {
            let above = decoded[decoded.len() - 1].clone();
            let mut current = vec![0; columns];
            for i in 0..columns {
                let (left, upper_left) = if i > 0 { (current[i - 1], above[i - 1]) } else { (0, 0) };
                let prediction = match row[0] {
                    0 => 0,
                    1 => left,
                    2 => above[i],
                    3 => ((u16::from(left) + u16::from(above[i])) / 2) as u8,
                    _ => paeth(left, above[i], upper_left),
                };
                current[i] = row[i + 1].wrapping_add(prediction);
            }
            decoded.push(current);
        }
        decoded.concat().split_off(columns)
    }

    #[test]
    fn every_predictor_is_undone_in_place() {
        for columns in 1..=12 {
            for kind in 0..=5u8 {
                let mut noise = 1u32;
                let mut data = Vec::new();
                for row in 0..40u8 {
                    data.push(if kind == 5 { row % 5 } else { kind });
                    data.extend((0..columns).map(|_| {
                        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        (noise >> 24) as u8
                    }));
                }
                let expected = by_the_letter(&data, columns);
                assert_eq!(unpredict(&mut data, columns), Some(()));
                assert_eq!(data, expected, "{columns} columns, predictor {kind}");
            }
        }
    }
}
