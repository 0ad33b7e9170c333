namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>Operators between two expressions and how their elements are matched.</summary>
internal sealed partial class ExpressionReader
{
    private BinaryNode ReadBinary(Operation operation, Token sign, PromQlNode left)
    {
        var returnsBool = Current.IsWord("bool");
        if (returnsBool && !operation.IsComparison())
        {
            throw Wrong("bool modifier can only be used on comparison operators");
        }

        if (returnsBool)
        {
            Take();
        }

        var matchingPlace = Current;
        var matching = ReadMatching();
        var right = ReadExpression(operation.IsRightAssociative() ? operation.Rank() - 1 : operation.Rank());
        if (!IsNumeric(left) || !IsNumeric(right))
        {
            throw Wrong(sign, "binary expression must contain only scalar and instant vector types");
        }

        var bothVectors = left.Type == PromQlType.InstantVector && right.Type == PromQlType.InstantVector;
        if (!bothVectors)
        {
            CheckWithScalar(operation, sign, returnsBool, left.Type == right.Type);
            if (matching is not null)
            {
                throw Wrong(matchingPlace, "vector matching only allowed between instant vectors");
            }
        }
        else
        {
            matching = CheckMatching(operation, matchingPlace, matching ?? Matching.Default);
        }

        return Above(sign, new BinaryNode(operation, left, right, returnsBool, matching), left, right);
    }

    private static bool IsNumeric(PromQlNode node) => node.Type is PromQlType.Scalar or PromQlType.InstantVector;

    private void CheckWithScalar(Operation operation, Token sign, bool returnsBool, bool bothScalars)
    {
        if (operation.IsSet())
        {
            throw Wrong(sign, $"set operator \"{operation.Text()}\" not allowed in binary scalar expression");
        }

        if (bothScalars && operation.IsComparison() && !returnsBool)
        {
            throw Wrong(sign, "comparisons between scalars must use BOOL modifier");
        }
    }

    private Matching CheckMatching(Operation operation, Token place, Matching matching)
    {
        if (operation.IsSet())
        {
            return matching.Grouping == Grouping.OneToOne
                ? matching with { Grouping = Grouping.ManyToMany }
                : throw Wrong(place, $"no grouping allowed for \"{operation.Text()}\" operation");
        }

        if (matching.On && matching.Include.FirstOrDefault(label => matching.Labels.Contains(label)) is { } twice)
        {
            throw Wrong(place, $"label \"{twice}\" must not occur in ON and GROUP clause at once");
        }

        return matching;
    }

    private Matching? ReadMatching()
    {
        if (!(Current.IsWord("on") || Current.IsWord("ignoring")) || !Following.Is("("))
        {
            return null;
        }

        var on = Take().IsWord("on");
        var labels = ReadLabels();
        var grouping = Current.IsWord("group_left") ? Grouping.ManyToOne : Current.IsWord("group_right") ? Grouping.OneToMany : Grouping.OneToOne;
        if (grouping == Grouping.OneToOne)
        {
            return new Matching(grouping, on, labels, []);
        }

        Take();
        return new Matching(grouping, on, labels, Current.Is("(") ? ReadLabels() : []);
    }
}
