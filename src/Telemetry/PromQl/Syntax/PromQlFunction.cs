namespace Slipway.Telemetry.PromQl.Syntax;

/// <param name="Parameters">Types of the arguments, the optional ones last.</param>
/// <param name="Required">How many must be given.</param>
/// <param name="Repeats">The last may come as often as one likes.</param>
/// <param name="FollowsTime">Depends on the moment of evaluation even if its arguments do not.</param>
internal sealed record PromQlFunction(string Name, IReadOnlyList<PromQlType> Parameters, int Required, bool Repeats, PromQlType Returns, bool FollowsTime)
{
    private static readonly Dictionary<string, PromQlFunction> s_all = All().ToDictionary(function => function.Name, StringComparer.Ordinal);

    public static PromQlFunction? Find(string name) => s_all.GetValueOrDefault(name);

    private static IEnumerable<PromQlFunction> All()
    {
        const PromQlType Scalar = PromQlType.Scalar;
        const PromQlType Vector = PromQlType.InstantVector;
        const PromQlType Range = PromQlType.RangeVector;
        const PromQlType Text = PromQlType.Text;

        foreach (var name in "abs absent ceil exp floor ln log10 log2 sgn sort sort_desc sqrt acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh deg rad histogram_count histogram_sum".Split(' '))
        {
            yield return Of(name, Vector, Vector);
        }

        foreach (var name in ("absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time max_over_time min_over_time"
            + " present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time").Split(' '))
        {
            yield return Of(name, Vector, Range);
        }

        foreach (var name in "days_in_month day_of_month day_of_week day_of_year hour minute month year".Split(' '))
        {
            yield return Of(name, Vector, Vector) with { Required = 0, FollowsTime = true };
        }

        yield return Of("clamp", Vector, Vector, Scalar, Scalar);
        yield return Of("clamp_max", Vector, Vector, Scalar);
        yield return Of("clamp_min", Vector, Vector, Scalar);
        yield return Of("histogram_fraction", Vector, Scalar, Scalar, Vector);
        yield return Of("histogram_quantile", Vector, Scalar, Vector);
        yield return Of("holt_winters", Vector, Range, Scalar, Scalar);
        yield return Of("label_replace", Vector, Vector, Text, Text, Text, Text);
        yield return Of("label_join", Vector, Vector, Text, Text, Text) with { Required = 3, Repeats = true };
        yield return Of("pi", Scalar);
        yield return Of("predict_linear", Vector, Range, Scalar) with { FollowsTime = true };
        yield return Of("quantile_over_time", Vector, Scalar, Range);
        yield return Of("round", Vector, Vector, Scalar) with { Required = 1 };
        yield return Of("scalar", Scalar, Vector);
        yield return Of("time", Scalar) with { FollowsTime = true };
        yield return Of("timestamp", Vector, Vector) with { FollowsTime = true };
        yield return Of("vector", Vector, Scalar);
    }

    private static PromQlFunction Of(string name, PromQlType returns, params PromQlType[] parameters) =>
        new(name, parameters, parameters.Length, Repeats: false, returns, FollowsTime: false);
}
