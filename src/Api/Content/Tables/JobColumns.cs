namespace Slipway.Api.Content.Tables;

internal static class JobColumns
{
    public static readonly TableColumn[] OfJob =
    [
        new("Status", "How it is going.", JobStatus),
        new("Completions", "Runs that succeeded, of those wanted.", row =>
            $"{row.Number("status", "succeeded") ?? 0}/{row.Number("spec", "completions") ?? row.Number("spec", "parallelism") ?? 1}"),
        new("Duration", "How long it took, or takes so far.", Duration),
    ];

    public static readonly TableColumn[] OfCronJob =
    [
        new("Schedule", "When it runs.", row => row.Text("spec", "schedule")),
        new("Timezone", "The clock the schedule is meant for.", row => row.Text("spec", "timeZone") ?? "<none>"),
        new("Suspend", "Whether it pauses.", row => row.Flag("spec", "suspend") == true ? "True" : "False"),
        new("Active", "Jobs of it that run now.", row => (long)row.Items("status", "active").Count(), "integer"),
        new("Last Schedule", "When it ran last.", row => row.Time("status", "lastScheduleTime") is { } last ? row.Age(last) : "<none>"),
    ];

    private static string JobStatus(RowSource row) =>
        row.Condition("Complete", "status") == "True" ? "Complete"
        : row.Condition("Failed", "status") == "True" ? "Failed"
        : row.Resource.IsDeleting ? "Terminating"
        : row.Condition("Suspended", "status") == "True" || row.Flag("spec", "suspend") == true ? "Suspended"
        : "Running";

    private static string Duration(RowSource row) =>
        row.Time("status", "startTime") is not { } start ? ""
        : HumanDuration.Text((row.Time("status", "completionTime") ?? row.Now) - start);
}
