// The sampling of a deformable convolution (Zhu et al. 2018, arXiv:1811.11168) and its gradients, by torchvision's rules; the rest of the
// convolution is a matrix product. The gradient of the input is summed with atomics, so the order of its sums, and with it the last bits
// of the result, differs from run to run.
#include "Elements.cuh"

struct Geometry {
  Index channels;
  Index height;
  Index width;
  Index kernelHeight;
  Index kernelWidth;
  Index stride;
  Index padding;
  Index dilation;
  Index groups;  // offset groups
  Index outHeight;
  Index outWidth;
};

/// Linear interpolation between the pixels `low` and `low` + 1 of an axis, either of which may be outside.
struct Tap {
  Index low;
  bool hasLow;
  bool hasHigh;
  Real lowWeight;
  Real highWeight;
};

/// False when both pixels are outside, or the position is NaN.
__device__ inline bool tapAt(Real position, Index size, Tap& tap) {
  if (!(position >= static_cast<Real>(-1) && position < static_cast<Real>(size))) {
    return false;
  }
  Real low = roundDown(position);
  tap.low = static_cast<Index>(low);
  tap.hasLow = tap.low >= 0;
  tap.hasHigh = tap.low + 1 < size;
  tap.highWeight = position - low;
  tap.lowWeight = static_cast<Real>(1) - tap.highWeight;
  return true;
}

/// One kernel tap, at one output pixel, for one offset group of one image.
struct Sample {
  Tap y;
  Tap x;
  bool isInside;
  Real factor;        // the value of the mask, 1 without a mask
  Index maskPlace;    // in [N, G, kh·kw, Hₒ·Wₒ]
  Index offsetPlace;  // of the shift down, in [N, G, kh·kw, 2, Hₒ·Wₒ]; that to the right is one output further
  Index planes;       // where the group's first channel starts in [N, C, H·W]
  Index columns;      // where its sample is in [N, C, kh·kw, Hₒ·Wₒ]
  Index groupChannels;

  /// `place` is in [N, G, kh·kw, Hₒ·Wₒ].
  __device__ Sample(Index place, const Real* offset, const Real* mask, const Geometry& g) {
    Index outputs = g.outHeight * g.outWidth;
    Index kernelPlaces = g.kernelHeight * g.kernelWidth;
    Index output = place % outputs;
    Index rest = place / outputs;
    Index kernelPlace = rest % kernelPlaces;
    Index imageGroup = rest / kernelPlaces;
    groupChannels = g.channels / g.groups;
    planes = imageGroup * groupChannels * g.height * g.width;
    columns = (imageGroup * groupChannels * kernelPlaces + kernelPlace) * outputs + output;
    maskPlace = place;
    offsetPlace = rest * 2 * outputs + output;
    factor = mask ? mask[maskPlace] : static_cast<Real>(1);

    Index row = output / g.outWidth * g.stride - g.padding + kernelPlace / g.kernelWidth * g.dilation;
    Index column = output % g.outWidth * g.stride - g.padding + kernelPlace % g.kernelWidth * g.dilation;
    bool rowInside = tapAt(static_cast<Real>(row) + offset[offsetPlace], g.height, y);
    bool columnInside = tapAt(static_cast<Real>(column) + offset[offsetPlace + outputs], g.width, x);
    isInside = rowInside && columnInside;
  }
};

/// The four pixels around a sample in one channel, 0 outside.
struct Pixels {
  Real lowLow;
  Real lowHigh;
  Real highLow;
  Real highHigh;

  __device__ Pixels(const Real* plane, const Sample& s, Index width) {
    const Real* corner = plane + s.y.low * width + s.x.low;
    lowLow = s.y.hasLow && s.x.hasLow ? corner[0] : static_cast<Real>(0);
    lowHigh = s.y.hasLow && s.x.hasHigh ? corner[1] : static_cast<Real>(0);
    highLow = s.y.hasHigh && s.x.hasLow ? corner[width] : static_cast<Real>(0);
    highHigh = s.y.hasHigh && s.x.hasHigh ? corner[width + 1] : static_cast<Real>(0);
  }

  __device__ Real value(const Sample& s) const {
    return s.y.lowWeight * s.x.lowWeight * lowLow + s.y.lowWeight * s.x.highWeight * lowHigh +
           s.y.highWeight * s.x.lowWeight * highLow + s.y.highWeight * s.x.highWeight * highHigh;
  }
};

/// Some channels of a sample's group: a thread's share, so that it finds the sample once for all of them.
#define FOR_CHANNELS(channel, part, channelsPerPart, sample) \
  for (Index channel = (part) * (channelsPerPart);           \
       channel < (sample).groupChannels && channel < ((part) + 1) * (channelsPerPart); ++channel)

/// The samples times their factors, [N, C, kh·kw, Hₒ·Wₒ]. `samples` is N·G·kh·kw·Hₒ·Wₒ, and `count` that times the parts.
extern "C" __global__ void deform_columns(
    Index count, Index samples, Index channelsPerPart, const Real* input, const Real* offset, const Real* mask, Geometry g, Real* columns) {
  Index plane = g.height * g.width;
  Index step = g.kernelHeight * g.kernelWidth * g.outHeight * g.outWidth;
  FOR_EACH(place, count) {
    Sample s(place % samples, offset, mask, g);
    FOR_CHANNELS(channel, place / samples, channelsPerPart, s) {
      Real value = s.isInside ? Pixels(input + s.planes + channel * plane, s, g.width).value(s) : static_cast<Real>(0);
      columns[s.columns + channel * step] = s.factor * value;
    }
  }
}

/// Adds the gradient of every sample to those of its pixels, [N, C, H, W]. Counts as above.
extern "C" __global__ void deform_columns_backward_input(
    Index count, Index samples, Index channelsPerPart, const Real* gradient, const Real* offset, const Real* mask, Geometry g,
    Real* inputGradient) {
  Index plane = g.height * g.width;
  Index step = g.kernelHeight * g.kernelWidth * g.outHeight * g.outWidth;
  FOR_EACH(place, count) {
    Sample s(place % samples, offset, mask, g);
    if (!s.isInside) {
      continue;
    }
    FOR_CHANNELS(channel, place / samples, channelsPerPart, s) {
      Real share = s.factor * gradient[s.columns + channel * step];
      Real* corner = inputGradient + s.planes + channel * plane + s.y.low * g.width + s.x.low;
      if (s.y.hasLow && s.x.hasLow) {
        atomicAdd(corner, s.y.lowWeight * s.x.lowWeight * share);
      }
      if (s.y.hasLow && s.x.hasHigh) {
        atomicAdd(corner + 1, s.y.lowWeight * s.x.highWeight * share);
      }
      if (s.y.hasHigh && s.x.hasLow) {
        atomicAdd(corner + g.width, s.y.highWeight * s.x.lowWeight * share);
      }
      if (s.y.hasHigh && s.x.hasHigh) {
        atomicAdd(corner + g.width + 1, s.y.highWeight * s.x.highWeight * share);
      }
    }
  }
}

/// The gradients of the offsets, [N, G, kh·kw, 2, Hₒ·Wₒ], and of the mask, [N, G, kh·kw, Hₒ·Wₒ], if there is one.
extern "C" __global__ void deform_columns_backward_offset(
    Index samples, const Real* gradient, const Real* input, const Real* offset, const Real* mask, Geometry g, Real* offsetGradient,
    Real* maskGradient) {
  Index plane = g.height * g.width;
  Index outputs = g.outHeight * g.outWidth;
  Index step = g.kernelHeight * g.kernelWidth * outputs;
  FOR_EACH(place, samples) {
    Sample s(place, offset, mask, g);
    Real down = 0;
    Real right = 0;
    Real factor = 0;
    for (Index channel = 0; s.isInside && channel < s.groupChannels; ++channel) {
      Pixels p(input + s.planes + channel * plane, s, g.width);
      Real share = gradient[s.columns + channel * step];
      down += share * (s.x.highWeight * (p.highHigh - p.lowHigh) + s.x.lowWeight * (p.highLow - p.lowLow));
      right += share * (s.y.highWeight * (p.highHigh - p.highLow) + s.y.lowWeight * (p.lowHigh - p.lowLow));
      factor += share * p.value(s);
    }
    offsetGradient[s.offsetPlace] = s.factor * down;
    offsetGradient[s.offsetPlace + outputs] = s.factor * right;
    if (mask) {
      maskGradient[s.maskPlace] = factor;
    }
  }
}
