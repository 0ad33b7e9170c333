using System.Text.Json.Serialization;

namespace Slipway.Sdk.Sample;

public sealed record Note(string Text, int? Stars)
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
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Note))]
internal sealed partial class SampleJson : JsonSerializerContext;
