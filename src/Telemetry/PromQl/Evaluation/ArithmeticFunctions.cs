namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Functions of one number.</summary>
internal static class ArithmeticFunctions
{
    public static Func<double, double> Find(string name) => name switch
    {
        "abs" => Math.Abs,
        "ceil" => Math.Ceiling,
        "floor" => Math.Floor,
        "exp" => Math.Exp,
        "ln" => Math.Log,
        "log2" => Math.Log2,
        "log10" => Math.Log10,
        "sqrt" => Math.Sqrt,
        "sgn" => value => value > 0 ? 1 : value < 0 ? -1 : value,
        "acos" => Math.Acos,
        "acosh" => Math.Acosh,
        "asin" => Math.Asin,
        "asinh" => Math.Asinh,
        "atan" => Math.Atan,
        "atanh" => Math.Atanh,
        "cos" => Math.Cos,
        "cosh" => Math.Cosh,
        "sin" => Math.Sin,
        "sinh" => Math.Sinh,
        "tan" => Math.Tan,
        "tanh" => Math.Tanh,
        "deg" => value => value * 180 / Math.PI,
        "rad" => value => value * Math.PI / 180,
        _ => throw new EvaluationException($"unknown function with name \"{name}\""),
    };
}
