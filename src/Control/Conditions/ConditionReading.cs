using Slipway.Model;
using Slipway.Model.Resources;

namespace Slipway.Control.Conditions;

/// <summary>Reads conditions of any kind of object without its typed status.</summary>
internal static class ConditionReading
{
    public static Condition? Condition(this Resource resource, string type)
    {
        var raw = Reconciling.RawJson.Field(resource.RawField("status"), "conditions");
        if (raw.IsEmpty)
        {
            return null;
        }

        var all = System.Text.Json.JsonSerializer.Deserialize(raw.Span, ModelJson.Default.ListCondition);
        return all?.FirstOrDefault(condition => condition.Type == type);
    }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>, the last also when nothing is said.</summary>
    public static string ReadyStatus(this Resource resource) =>
        resource.Condition(ConditionSet.Ready)?.Status ?? ConditionStatus.Unknown;
}
