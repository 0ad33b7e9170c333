using System.Buffers;
using Slipway.Model.Failures;
using Slipway.Model.Values;

namespace Slipway.Eventing.Events;

/// <summary>What makes an event acceptable. The first problem is told, with the attribute's name.</summary>
internal static class AttributeRules
{
    public const int EventBytesMax = 1024 * 1024;

    private const int AttributesMax = 64;
    private const int NameLengthMax = 64;
    private const int ValueLengthMax = 2048;
    private const int AllBytesMax = 16 * 1024;

    private static readonly SearchValues<char> s_inNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> s_notInUris = SearchValues.Create(" <>\"{}|\\^`");

    public static Failure? Check(CloudEvent given)
    {
        foreach (var required in (ReadOnlySpan<string>)["id", "source", "type"])
        {
            if (string.IsNullOrEmpty(given.Attribute(required)))
            {
                return Wrong(required, "is missing: every event needs it, and it must not be empty");
            }
        }

        if (given.Attributes.Count > AttributesMax)
        {
            return new Failure(FailureKind.Malformed, "event-malformed", $"An event may have {AttributesMax} attributes, this one has {given.Attributes.Count}.");
        }

        var all = 0;
        for (var index = 0; index < given.Attributes.Count; index++)
        {
            var (name, value) = given.Attributes[index];
            if (!IsName(name))
            {
                return Wrong(Shown(name), $"is no name for an attribute: write 1 to {NameLengthMax} lower case letters and digits");
            }

            if (IsGivenBefore(given.Attributes, index))
            {
                return Wrong(name, "is given twice");
            }

            if (value.Length > ValueLengthMax)
            {
                return Wrong(name, $"has {value.Length} characters, {ValueLengthMax} are allowed");
            }

            if (!IsPlain(value))
            {
                return Wrong(name, "contains control characters or half a character");
            }

            all += name.Length + value.Length;
        }

        if (all > AllBytesMax)
        {
            return new Failure(FailureKind.Malformed, "event-malformed", $"The attributes have {all} characters together, {AllBytesMax} are allowed.");
        }

        return Values(given);
    }

    /// <summary>A handful of names are compared faster than hashed.</summary>
    private static bool IsGivenBefore(IReadOnlyList<KeyValuePair<string, string>> attributes, int index)
    {
        for (var before = 0; before < index; before++)
        {
            if (attributes[before].Key == attributes[index].Key)
            {
                return true;
            }
        }

        return false;
    }

    private static Failure? Values(CloudEvent given)
    {
        if (given.Source.AsSpan().ContainsAny(s_notInUris))
        {
            return Wrong("source", "must be a URI reference such as /retail/orders");
        }

        if (given.Attribute("time") is { } time && !Instant.IsRfc3339(time))
        {
            return Wrong("time", "must be an instant such as 2026-01-31T12:00:00Z");
        }

        if (given.Attribute("dataschema") is { } schema && (schema.Length == 0 || schema.AsSpan().ContainsAny(s_notInUris)))
        {
            return Wrong("dataschema", "must be a URI");
        }

        if (given.Attribute("subject") is "")
        {
            return Wrong("subject", "must not be empty; leave it out instead");
        }

        return given.DataContentType is { } type && !type.Contains('/')
            ? Wrong("datacontenttype", "must be a media type such as application/json")
            : null;
    }

    public static Failure Wrong(string attribute, string problem) => new(FailureKind.Malformed, "event-malformed", $"{attribute} {problem}.")
    {
        Findings = [new Finding("invalid", problem, attribute)],
    };

    public static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax && !name.AsSpan().ContainsAnyExcept(s_inNames) && name != "data";

    private static bool IsPlain(string value)
    {
        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return true;
        }

        for (var index = 0; index < value.Length; index++)
        {
            if (char.IsControl(value[index]))
            {
                return false;
            }

            if (char.IsSurrogate(value[index]))
            {
                if (index + 1 >= value.Length || !char.IsSurrogatePair(value[index], value[index + 1]))
                {
                    return false;
                }

                index++;
            }
        }

        return true;
    }

    private static string Shown(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
