// The sum over a workgroup's lanes where the adapter has no subgroups: see lib/row_tree, which must be there, too.

fn rowSum(value: f32, lane: u32) -> f32 { return rowSumByTree(value, lane); }
