namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Functions of one number.</summary>
internal static class ArithmeticFunctions
{
    /// <summary>Nothing is larger than infinity, not even beside what is no number.</summary>
    public static double Larger(double one, double other) =>
        double.IsPositiveInfinity(one) || double.IsPositiveInfinity(other) ? double.PositiveInfinity : Math.Max(one, other);

    public static double Smaller(double one, double other) =>
        double.IsNegativeInfinity(one) || double.IsNegativeInfinity(other) ? double.NegativeInfinity : Math.Min(one, other);

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
