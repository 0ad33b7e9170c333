using System.Globalization;
using Slipway.Control.Instances;
using Slipway.Model.Batch;
using Slipway.Model.Resources;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Jobs;

/// <summary>What the tasks of one Job are started with. Pure.</summary>
internal static class JobTemplates
{
    private const string CloudRunJob = "run.googleapis.com/job";

    private static readonly TimeSpan s_stopGraceDefault = TimeSpan.FromSeconds(10);

    public static Workload Workload(Resource job, JobSpec spec, string digest, RunnableImage image) => new()
    {
        Namespace = job.Namespace,
        Owner = job.Name,
        OwnerUid = job.Uid,
        OwnerKind = Kinds.Job.Kind,
        DatabaseUser = CronJobOf(job) ?? job.Name,
        Spec = spec.Template.Spec,
        Image = digest,
        Runnable = image,
        Serves = false,
        Variables =
        [
            // An execution of a Cloud Run job carries the job's name as a label; its own name is the execution's.
            new("CLOUD_RUN_JOB", CronJobOf(job) ?? job.Metadata.Label(CloudRunJob) ?? job.Name),
            new("CLOUD_RUN_EXECUTION", job.Name),
            new("CLOUD_RUN_TASK_COUNT", Text(spec.Completions ?? spec.Parallelism ?? 1)),
        ],
        Labels = Labels(job, spec),
        StopGrace = spec.Template.Spec.TerminationGracePeriodSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : s_stopGraceDefault,
    };

    public static InstanceSpec Task(InstanceTemplate template, Resource job, JobStart start)
    {
        var shared = template.For(JobTask.IdOf(job, start.Index, start.Attempt));
        return shared with
        {
            Environment =
            [
                .. shared.Environment,
                new("CLOUD_RUN_TASK_INDEX", Text(start.Index)),
                new("CLOUD_RUN_TASK_ATTEMPT", Text(start.Attempt)),
                new("JOB_COMPLETION_INDEX", Text(start.Index)),
            ],
            Labels = new Dictionary<string, string>(shared.Labels, StringComparer.Ordinal)
            {
                [JobTask.IndexLabel] = Text(start.Index),
                [JobTask.AttemptLabel] = Text(start.Attempt),
            },
        };
    }

    private static string? CronJobOf(Resource job) =>
        job.Metadata.OwnerReferences?.Find(owner => owner.Kind == Kinds.CronJob.Kind)?.Name;

    private static Dictionary<string, string> Labels(Resource job, JobSpec spec) =>
        new(spec.Template.Metadata?.Labels ?? [], StringComparer.Ordinal)
        {
            ["job-name"] = job.Name,
            ["batch.kubernetes.io/job-name"] = job.Name,
            ["controller-uid"] = job.Uid,
            ["batch.kubernetes.io/controller-uid"] = job.Uid,
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
