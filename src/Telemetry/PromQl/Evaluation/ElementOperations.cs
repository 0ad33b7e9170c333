using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Operators between two numbers.</summary>
internal static class ElementOperations
{
    public static double Calculate(Operation operation, double left, double right) => operation switch
    {
        Operation.Add => left + right,
        Operation.Subtract => left - right,
        Operation.Multiply => left * right,
        Operation.Divide => left / right,
        Operation.Modulo => left % right,
        Operation.Power => Math.Pow(left, right),
        Operation.Atan2 => Math.Atan2(left, right),
        _ => Holds(operation, left, right) ? 1 : 0,
    };

    public static bool Holds(Operation operation, double left, double right) => operation switch
    {
        Operation.Equal => left == right,
        Operation.NotEqual => left != right,
        Operation.Greater => left > right,
        Operation.Less => left < right,
        Operation.GreaterOrEqual => left >= right,
        _ => left <= right,
    };

    /// <param name="kept">What a comparison that holds leaves, unless it tells 0 or 1.</param>
    public static double Combine(BinaryNode node, double left, double right, double kept)
    {
        if (!node.Operation.IsComparison() || node.ReturnsBool)
        {
            return Calculate(node.Operation, left, right);
        }

        return Holds(node.Operation, left, right) ? kept : GridValue.Absent;
    }
}
