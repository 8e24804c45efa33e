/** Names of the methods of tensors: a call of one is told where it stands. A method of the same name that is another's is just called. */
export const TENSOR_METHODS: ReadonlySet<string> = new Set([
  "abs", "acos", "acosh", "add", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "clip", "cos", "cosh",
  "div", "eq", "erf", "erfc", "exp", "expm1", "floor", "fround", "ge", "gelu", "gt", "hypot", "le", "log", "log10",
  "log1p", "log2", "lt", "max", "min", "mod", "mul", "ne", "neg", "normalCdf", "pow", "reciprocal", "relu", "round",
  "rsqrt", "sigmoid", "sign", "silu", "sin", "sinh", "softplus", "sqrt", "square", "step", "sub", "tan", "tanh",
  "trunc", "where", "astype", "broadcastTo", "contiguous", "expandDims", "flip", "matrixTranspose", "pad",
  "reshape", "squeeze", "stack", "sumTo", "transpose", "argmax", "argmin", "logSumExp", "maxOf", "mean",
  "minOf", "norm", "normalise", "sum", "variance", "attention", "dot", "matmul", "outer", "layerNorm",
  "layerNormVjp", "logSoftmax", "softmax", "softmaxVjp", "gather", "oneHot", "scatterAdd", "cholesky",
  "choleskySolve", "qr", "svd", "triangularSolve", "tril", "triu", "conv2d", "maximum", "minimum", "item",
]); // prettier-ignore
