namespace Slipway.Telemetry.Exposition;

/// <summary>How much of one page is read. A page beyond any of these is refused as a whole, with the bound in the answer.</summary>
public sealed record ExpositionLimits
{
    public int LineBytesMax { get; init; } = 32 * 1024;

    public int LinesMax { get; init; } = 400_000;

    public int SamplesMax { get; init; } = 100_000;

    public int LabelsMax { get; init; } = 60;

    public int LabelNameBytesMax { get; init; } = 512;

    public int LabelValueBytesMax { get; init; } = 4_096;

    /// <summary>Labels of an exemplar together; one that has more is left out, the sample stays.</summary>
    public int ExemplarCharactersMax { get; init; } = 256;
}
