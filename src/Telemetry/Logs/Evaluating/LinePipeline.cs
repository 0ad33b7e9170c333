using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Language;
using Slipway.Telemetry.Logs.Pipeline;
using Slipway.Telemetry.Logs.Reading;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>Sends lines through the stages of a query.</summary>
internal sealed class LinePipeline(IReadOnlyList<LineStage> stages, IReadOnlySet<string>? wanted = null)
{
    private readonly LineStage[] _stages = [.. stages];

    /// <summary>Of the line that passed last.</summary>
    public LineLabels Labels { get; } = new(wanted);

    public bool Pass(LabelSet stream, ref PassingLine line)
    {
        Labels.Reset(stream);
        foreach (var stage in _stages)
        {
            if (!stage.Pass(ref line))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The texts that a line must have to get through: those asked for before a stage makes another text of it.</summary>
    public static IReadOnlyList<NeededText> NeededBy(IReadOnlyList<LineStage> stages) =>
        [.. stages.TakeWhile(stage => !stage.ChangesText).Where(stage => stage.Needed is not null).Select(stage => stage.Needed!.Value)];

    /// <summary>Null if it cannot be told which labels the stages look at.</summary>
    public static HashSet<string>? ReadBy(IReadOnlyList<LineStage> stages, Grouping? grouping, string? unwrapped)
    {
        if (grouping is null or { Without: true } || stages.Any(stage => stage.Reads is null))
        {
            return null;
        }

        var names = stages.SelectMany(stage => stage.Reads!).Concat(grouping.Names).ToHashSet(StringComparer.Ordinal);
        if (unwrapped is not null)
        {
            names.Add(unwrapped);
        }

        return names;
    }
}
