using System.Globalization;
using Slipway.Model.Resources;
using Slipway.Model.Values;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Jobs;

internal enum TaskOutcome
{
    Running,
    Succeeded,
    Failed,
}

/// <summary>One try at one task of a Job, as the driver knows it.</summary>
internal sealed record JobTask(string Id, int Index, int Attempt, TaskOutcome Outcome, DateTimeOffset? EndedAt)
{
    public const string IndexLabel = "batch.kubernetes.io/job-completion-index";
    public const string AttemptLabel = "slipway.dev/task-attempt";

    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static JobTask From(InstanceState instance)
    {
        var outcome = instance.Phase != InstancePhase.Exited
            ? TaskOutcome.Running
            : instance is { ExitCode: 0, ExitReason: null or "Completed" } ? TaskOutcome.Succeeded : TaskOutcome.Failed;
        return new JobTask(
            instance.Id,
            Number(instance.Spec.Labels, IndexLabel),
            Number(instance.Spec.Labels, AttemptLabel),
            outcome,
            instance.ExitedAt);
    }

    /// <summary>
    /// The same try always has the same id. A control plane that died between the start and writing it down asks for the
    /// same id again, which the driver refuses: no task runs twice.
    /// </summary>
    public static string IdOf(Resource job, int index, int attempt)
    {
        var suffix = new char[5];
        var digest = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{job.Uid}/{index}/{attempt}"));
        for (var position = 0; position < suffix.Length; position++)
        {
            suffix[position] = Alphabet[digest[position] % Alphabet.Length];
        }

        return RevisionNames.Child(job.Name, $"-{index.ToString(CultureInfo.InvariantCulture)}-{new string(suffix)}");
    }

    private static int Number(IReadOnlyDictionary<string, string> labels, string name) =>
        labels.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
