using System.Text.Json.Serialization;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Sample;

public sealed record Note(string Text, int? Stars = null)
{
    public Mood Mood { get; set; }

    public IReadOnlyList<Line> Lines { get; set; } = [];
}

public sealed record Line(string Words, DateOnly? Due);

public enum Mood
{
    Calm,
    VeryHappy,
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(EnumNames<Mood>)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Note))]
public sealed partial class SampleJson : JsonSerializerContext;
