// The sizes of an image and of the windows a convolution looks at (engine/ops/patches.ts). `channels` counts elements.

struct Sizes {
  first: u32, end: u32, channels: u32, height: u32, width: u32, down: u32, across: u32,
  kernelHeight: u32, kernelWidth: u32, stride: u32, top: u32, left: u32,
}

@group(0) @binding(0) var<uniform> sizes: Sizes;
