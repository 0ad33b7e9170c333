using static Slipway.Model.Schema.Define;

namespace Slipway.Model.Schema;

/// <summary>Job and CronJob.</summary>
internal static class BatchShapes
{
    private static readonly Field[] s_jobFields =
    [
        Int("parallelism", "Pods that may run at once; 1 when nothing is said."),
        Int("completions", "Pods that must succeed; 1 when nothing is said."),
        Choice("completionMode", "Whether pods are numbered.", "NonIndexed", "Indexed"),
        Int("backoffLimit", "Failed pods that are tolerated; 6 when nothing is said."),
        Long("activeDeadlineSeconds", "Longest life of the whole job."),
        Int("ttlSecondsAfterFinished", "How long the ended job stays."),
        Flag("suspend", "True starts no pods and stops running ones."),
        Flag("manualSelector", "Whether the selector is chosen by the user.").Gated(),
        Anything("podFailurePolicy", "Rules about failed pods.").Gated(),
        Anything("successPolicy", "Rules about success.").Gated(),
        Int("backoffLimitPerIndex", "Failed pods tolerated for each number.").Gated(),
        Int("maxFailedIndexes", "Numbers that may fail.").Gated(),
        Text("managedBy", "Who runs the job.").Gated(),
        Text("podReplacementPolicy", "When a replacement starts."),
        Object(
            "selector",
            "The pods of the job; set by the server.",
            TextMap("matchLabels", "Labels the pods carry."),
            Anything("matchExpressions", "Further label rules.").Gated()),
        new PodShapes(serving: false).Template("What each pod runs.") with { Required = true },
    ];

    public static readonly Shape Job = Metadata.Kind(
        "A program that runs to its end.",
        Object("spec", "The desired state.", s_jobFields),
        Object(
            "status",
            "The observed state.",
            Int("active", "Pods that run."),
            Int("ready", "Pods that are ready."),
            Int("succeeded", "Pods that ended well."),
            Int("failed", "Pods that failed."),
            Int("terminating", "Pods that are being stopped."),
            Time("startTime", "When it was started."),
            Time("completionTime", "When it succeeded."),
            Text("completedIndexes", "Numbers that are done."),
            Text("failedIndexes", "Numbers that failed."),
            Anything("uncountedTerminatedPods", "Pods not yet counted."),
            Metadata.Conditions));

    public static readonly Shape CronJob = Metadata.Kind(
        "A job that is started by the clock.",
        Object(
            "spec",
            "The desired state.",
            Text("schedule", "Minute, hour, day of month, month, day of week; or a macro such as @daily.").Required(),
            Text("timeZone", "IANA name of the zone the schedule is read in; UTC when nothing is said."),
            Flag("suspend", "True starts nothing."),
            Choice("concurrencyPolicy", "What happens when the last job still runs.", "Allow", "Forbid", "Replace"),
            Long("startingDeadlineSeconds", "How late a missed start may be made up."),
            Int("successfulJobsHistoryLimit", "Succeeded jobs that are kept; 3 when nothing is said."),
            Int("failedJobsHistoryLimit", "Failed jobs that are kept; 1 when nothing is said."),
            Object(
                "jobTemplate",
                "The job to start.",
                Metadata.OfTemplate("Labels and annotations of the jobs."),
                Object("spec", "The desired state of each job.", s_jobFields)).Required()),
        Object(
            "status",
            "The observed state.",
            List("active", "Jobs that run.", CoreShapes.ReferenceFields()),
            Time("lastScheduleTime", "When a job was started last."),
            Time("lastSuccessfulTime", "When a job succeeded last.")));
}
