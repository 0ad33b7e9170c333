using Slipway.Eventing.Events;
using Slipway.Model.Eventing;

namespace Slipway.Eventing.Delivery;

/// <summary>Which events a Trigger wants. Pure; values are compared letter by letter.</summary>
internal static class EventFilter
{
    public static bool Matches(TriggerSpec spec, CloudEvent told)
    {
        foreach (var (name, value) in spec.Filter?.Attributes ?? [])
        {
            // In the older way an empty value asks only that the attribute is there.
            if (told.Attribute(name) is not { } has || (value.Length > 0 && has != value))
            {
                return false;
            }
        }

        foreach (var filter in spec.Filters ?? [])
        {
            if (!Matches(filter, told))
            {
                return false;
            }
        }

        return true;
    }

    public static bool Matches(FilterSpec filter, CloudEvent told) => filter switch
    {
        { Exact: { } exact } => exact.All(pair => told.Attribute(pair.Key) == pair.Value),
        { Prefix: { } prefix } => prefix.All(pair => told.Attribute(pair.Key)?.StartsWith(pair.Value, StringComparison.Ordinal) == true),
        { Suffix: { } suffix } => suffix.All(pair => told.Attribute(pair.Key)?.EndsWith(pair.Value, StringComparison.Ordinal) == true),
        { All: { } all } => all.TrueForAll(nested => Matches(nested, told)),
        { Any: { } any } => any.Exists(nested => Matches(nested, told)),
        { Not: { } not } => !Matches(not, told),
        _ => true,
    };
}
