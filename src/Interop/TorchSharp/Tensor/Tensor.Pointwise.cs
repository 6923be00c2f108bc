namespace TorchSharp;

public static partial class torch
{
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public partial class Tensor
    {
        public Tensor abs() => Aten.abs.Call(this);
        public Tensor abs_() => InPlace(Aten.abs_);
        public Tensor neg() => Aten.neg.Call(this);
        public Tensor neg_() => InPlace(Aten.neg_);
        public Tensor exp() => Aten.exp.Call(this);
        public Tensor exp_() => InPlace(Aten.exp_);
        public Tensor expm1() => Aten.expm1.Call(this);
        public Tensor log() => Aten.log.Call(this);
        public Tensor log_() => InPlace(Aten.log_);
        public Tensor log1p() => Aten.log1p.Call(this);
        public Tensor log2() => Aten.log2.Call(this);
        public Tensor sqrt() => Aten.sqrt.Call(this);
        public Tensor sqrt_() => InPlace(Aten.sqrt_);
        public Tensor rsqrt() => Aten.rsqrt.Call(this);
        public Tensor rsqrt_() => InPlace(Aten.rsqrt_);
        public Tensor square() => Aten.square.Call(this);
        public Tensor reciprocal() => Aten.reciprocal.Call(this);
        public Tensor floor() => Aten.floor.Call(this);
        public Tensor floor_() => InPlace(Aten.floor_);
        public Tensor ceil() => Aten.ceil.Call(this);
        public Tensor ceil_() => InPlace(Aten.ceil_);
        public Tensor round(long decimals = 0) => Aten.round_decimals.Call(this, decimals);
        public Tensor round_(long decimals = 0) => InPlace(Aten.round_decimals_, decimals);
        public Tensor trunc() => Aten.trunc.Call(this);
        public Tensor sign() => Aten.sign.Call(this);
        public Tensor sin() => Aten.sin.Call(this);
        public Tensor cos() => Aten.cos.Call(this);
        public Tensor tan() => Aten.tan.Call(this);
        public Tensor atan() => Aten.atan.Call(this);
        public Tensor atan2(Tensor other) => Aten.atan2.Call(this, other);
        public Tensor tanh() => Aten.tanh.Call(this);
        public Tensor tanh_() => InPlace(Aten.tanh_);
        public Tensor sigmoid() => Aten.sigmoid.Call(this);
        public Tensor sigmoid_() => InPlace(Aten.sigmoid_);
        public Tensor relu() => Aten.relu.Call(this);
        public Tensor relu_() => InPlace(Aten.relu_);
        public Tensor isnan() => Aten.isnan.Call(this);
        public Tensor isinf() => Aten.isinf.Call(this);
        public Tensor isfinite() => Aten.isfinite.Call(this);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.softmax.Call(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.log_softmax.Call(this, dim, dtype);

        public Tensor add(Tensor target) => Aten.add.Call(this, target);
        public Tensor add(Tensor target, Scalar alpha) => Aten.add.Call(this, target, alpha);
        public Tensor add(Scalar scalar) => Aten.add_Scalar.Call(this, scalar);
        public Tensor add_(Tensor target) => InPlace(Aten.add_, target);
        public Tensor add_(Tensor target, Scalar alpha) => InPlace(Aten.add_, target, alpha);
        public Tensor add_(Scalar scalar) => InPlace(Aten.add__Scalar, scalar);
        public Tensor sub(Tensor target) => Aten.sub.Call(this, target);
        public Tensor sub(Scalar target) => Aten.sub_Scalar.Call(this, target);
        public Tensor sub_(Tensor target) => InPlace(Aten.sub_, target);
        public Tensor sub_(Scalar target) => InPlace(Aten.sub__Scalar, target);
        public Tensor mul(Tensor target) => Aten.mul.Call(this, target);
        public Tensor mul(Scalar target) => Aten.mul_Scalar.Call(this, target);
        public Tensor mul_(Tensor target) => InPlace(Aten.mul_, target);
        public Tensor mul_(Scalar target) => InPlace(Aten.mul__Scalar, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Aten.div.Call(this, target) : Aten.div_mode.Call(this, target, rounding_mode.ToString());
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Aten.div_Scalar.Call(this, target) : Aten.div_Scalar_mode.Call(this, target, rounding_mode.ToString());
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? InPlace(Aten.div_, target) : InPlace(Aten.div__mode, target, rounding_mode.ToString());
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? InPlace(Aten.div__Scalar, target) : InPlace(Aten.div__Scalar_mode, target, rounding_mode.ToString());
        public Tensor floor_divide(Tensor other) => Aten.floor_divide.Call(this, other);
        public Tensor floor_divide(Scalar other) => Aten.floor_divide_Scalar.Call(this, other);
        public Tensor remainder(Tensor target) => Aten.remainder.Call(this, target);
        public Tensor remainder(Scalar scalar) => Aten.remainder_Scalar.Call(this, scalar);
        public Tensor pow(Tensor exponent) => Aten.pow.Call(this, exponent);
        public Tensor pow(Scalar exponent) => Aten.pow_Scalar.Call(this, exponent);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.addcmul.Call(this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace(Aten.addcmul_, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.addcdiv.Call(this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace(Aten.addcdiv_, tensor1, tensor2, value);
        public Tensor lerp(Tensor end, Tensor weight) => Aten.lerp.Call(this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => InPlace(Aten.lerp_, end, weight);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.clamp.Call(this, min, max);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => InPlace(Aten.bernoulli_, p, generator);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Aten.clamp_Tensor.Call(this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => InPlace(Aten.clamp_, min, max);
        public Tensor clamp_max(Scalar max) => Aten.clamp_max.Call(this, max);
        public Tensor clamp_min(Scalar min) => Aten.clamp_min.Call(this, min);
        public Tensor clamp_min_(Scalar min) => InPlace(Aten.clamp_min_, min);
        public Tensor clamp_max_(Scalar max) => InPlace(Aten.clamp_max_, max);
        public Tensor maximum(Tensor other) => Aten.maximum.Call(this, other);
        public Tensor minimum(Tensor other) => Aten.minimum.Call(this, other);
        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => Aten.nan_to_num.Call(this, nan, posinf, neginf);

        public Tensor eq(Tensor target) => Aten.eq.Call(this, target);
        public Tensor eq(Scalar target) => Aten.eq_Scalar.Call(this, target);
        public Tensor ne(Tensor target) => Aten.ne.Call(this, target);
        public Tensor ne(Scalar target) => Aten.ne_Scalar.Call(this, target);
        public Tensor lt(Tensor target) => Aten.lt.Call(this, target);
        public Tensor lt(Scalar target) => Aten.lt_Scalar.Call(this, target);
        public Tensor le(Tensor target) => Aten.le.Call(this, target);
        public Tensor le(Scalar target) => Aten.le_Scalar.Call(this, target);
        public Tensor gt(Tensor target) => Aten.gt.Call(this, target);
        public Tensor gt(Scalar target) => Aten.gt_Scalar.Call(this, target);
        public Tensor ge(Tensor target) => Aten.ge.Call(this, target);
        public Tensor ge(Scalar target) => Aten.ge_Scalar.Call(this, target);
        public bool Equals(Tensor target) => Aten.equal.CallBool(this, target);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) => Aten.allclose.CallBool(this, target, rtol, atol, equal_nan);

        public Tensor logical_and(Tensor other) => Aten.logical_and.Call(this, other);
        public Tensor logical_or(Tensor other) => Aten.logical_or.Call(this, other);
        public Tensor logical_xor(Tensor other) => Aten.logical_xor.Call(this, other);
        public Tensor logical_not() => Aten.logical_not.Call(this);
        public Tensor bitwise_and(Tensor other) => Aten.bitwise_and.Call(this, other);
        public Tensor bitwise_or(Tensor other) => Aten.bitwise_or.Call(this, other);
        public Tensor bitwise_xor(Tensor other) => Aten.bitwise_xor.Call(this, other);
        public Tensor bitwise_not() => Aten.bitwise_not.Call(this);
    }
}
