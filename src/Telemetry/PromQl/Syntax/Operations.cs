namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>The words and ranks of the language.</summary>
internal static class Operations
{
    private static readonly Dictionary<string, Operation> s_byText = new(StringComparer.OrdinalIgnoreCase)
    {
        ["+"] = Operation.Add,
        ["-"] = Operation.Subtract,
        ["*"] = Operation.Multiply,
        ["/"] = Operation.Divide,
        ["%"] = Operation.Modulo,
        ["^"] = Operation.Power,
        ["atan2"] = Operation.Atan2,
        ["=="] = Operation.Equal,
        ["!="] = Operation.NotEqual,
        [">"] = Operation.Greater,
        ["<"] = Operation.Less,
        [">="] = Operation.GreaterOrEqual,
        ["<="] = Operation.LessOrEqual,
        ["and"] = Operation.And,
        ["or"] = Operation.Or,
        ["unless"] = Operation.Unless,
    };

    private static readonly Dictionary<Operation, string> s_texts = s_byText.ToDictionary(pair => pair.Value, pair => pair.Key);

    private static readonly Dictionary<string, Aggregation> s_aggregations = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sum"] = Aggregation.Sum,
        ["avg"] = Aggregation.Avg,
        ["min"] = Aggregation.Min,
        ["max"] = Aggregation.Max,
        ["count"] = Aggregation.Count,
        ["group"] = Aggregation.Group,
        ["stddev"] = Aggregation.Stddev,
        ["stdvar"] = Aggregation.Stdvar,
        ["topk"] = Aggregation.TopK,
        ["bottomk"] = Aggregation.BottomK,
        ["quantile"] = Aggregation.Quantile,
        ["count_values"] = Aggregation.CountValues,
    };

    private static readonly Dictionary<Aggregation, string> s_aggregationTexts = s_aggregations.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>A sign binds as strongly as a product, so <c>-2^2</c> is <c>-(2^2)</c>.</summary>
    public const int SignRank = 5;

    public static bool TryRead(Token token, out Operation operation)
    {
        operation = default;
        return token.Kind is TokenKind.Symbol or TokenKind.Word && s_byText.TryGetValue(token.Content, out operation);
    }

    public static bool TryReadAggregation(Token token, out Aggregation aggregation)
    {
        aggregation = default;
        return token.Kind == TokenKind.Word && s_aggregations.TryGetValue(token.Content, out aggregation);
    }

    public static string Text(this Operation operation) => s_texts[operation];

    public static string Text(this Aggregation aggregation) => s_aggregationTexts[aggregation];

    public static bool IsSet(this Operation operation) => operation is Operation.And or Operation.Or or Operation.Unless;

    public static bool IsComparison(this Operation operation) => operation is >= Operation.Equal and <= Operation.LessOrEqual;

    /// <summary>The result is no longer what the metric's name says. That the name stays with <c>atan2</c> is what Prometheus does.</summary>
    public static bool DropsName(this Operation operation) => operation < Operation.Atan2;

    public static bool TakesParameter(this Aggregation aggregation) => aggregation >= Aggregation.TopK;

    /// <summary>Of two neighbours, the one of the higher rank takes the operand between them.</summary>
    public static int Rank(this Operation operation) => operation switch
    {
        Operation.Or => 1,
        Operation.And or Operation.Unless => 2,
        >= Operation.Equal and <= Operation.LessOrEqual => 3,
        Operation.Add or Operation.Subtract => 4,
        Operation.Power => 6,
        _ => 5,
    };

    public static bool IsRightAssociative(this Operation operation) => operation == Operation.Power;
}
