using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Titanic.Api.Changes;
using Titanic.Api.People;
using Titanic.Api.Tenants;

namespace Titanic.Api.Transfer;

/// <summary>
/// Takes over files batch by batch. How far a file has come is written in the transaction of the batch itself, so wherever it breaks off,
/// nothing that was told is lost, and whoever goes on from there does nothing twice.
/// </summary>
internal sealed class Importing(Edits edits)
{
    private const int Together = 200;

    public async Task<Outcome<ImportJob>> BeginAsync(HttpContext http, Tenant tenant, ImportJob job, CancellationToken cancellation) =>
        await edits.RunAsync(http, job.Owner, tenant, (edit, token) => job.InsertAsync(edit.Transaction, token), cancellation)
            ? job
            : Problem.Conflict("importExists", "There is such an import", "An import with this id has begun. Read how far it has come and go on with PUT.");

    /// <summary>Reads the file from where the job is to the end of the stream.</summary>
    public async Task<Outcome<ImportJob>> TakeAsync(HttpContext http, Tenant tenant, ImportJob job, Stream file, CancellationToken cancellation)
    {
        var reader = new RecordReader(file, job.IsTable, job.Offset);
        var (batch, numbers, at) = (new List<ImportRow>(Together), new HashSet<int>(), job.Rows);
        long end = job.Offset;
        while (await reader.NextAsync(cancellation) is { } record)
        {
            if (job is { IsTable: true, Fields: null })
            {
                if (!(await HeadAsync(http, tenant, job, record, cancellation)).Is(out job!, out var wrong))
                {
                    return wrong;
                }

                end = record.End;
                continue;
            }

            if (!ImportRows.IsBlank(record.Bytes.Span))
            {
                at++;
                var row = job.IsTable ? ImportRows.OfTable(at, job.Fields!, record.Bytes.Span) : ImportRows.OfJson(at, record.Bytes.Span);

                // A number that comes twice is two changes of one person, one after the other.
                if (batch.Count == Together || (row.PassengerId is { } number && !numbers.Add(number)))
                {
                    if (!(await CommitAsync(http, tenant, job, batch, end, done: false, cancellation)).Is(out job!, out var refused))
                    {
                        return refused;
                    }

                    batch.Clear();
                    numbers.Clear();
                    if (row.PassengerId is { } first)
                    {
                        numbers.Add(first);
                    }
                }

                batch.Add(row);
            }

            end = record.End;
        }

        return (await CommitAsync(http, tenant, job, batch, end, done: !reader.Lost, cancellation)).Is(out var finished, out var problem)
            ? reader.Lost ? Unreadable($"The record that begins at byte {finished.Offset} is longer than {RecordReader.RecordBytesMax} bytes; perhaps a quote is never closed.") : finished
            : problem;
    }

    private async Task<Outcome<ImportJob>> HeadAsync(HttpContext http, Tenant tenant, ImportJob job, FileRecord record, CancellationToken cancellation)
    {
        if (!ImportRows.Fields(record.Bytes.Span).Is(out var head, out var problem) || !FileLayout.Read(job.Layout, head).Is(out var known, out problem))
        {
            return problem;
        }

        return await CommitAsync(http, tenant, job with { Layout = known.Layout, Fields = known.Fields }, [], record.End, done: false, cancellation);
    }

    private Task<Outcome<ImportJob>> CommitAsync(
        HttpContext http, Tenant tenant, ImportJob job, List<ImportRow> rows, long end, bool done, CancellationToken cancellation) => edits.RunAsync(
        http,
        http.Caller().Subject,
        tenant,
        async (edit, token) =>
        {
            var stored = await edit.Transaction.Command(ImportJob.Find + " for update", job.Id).OneAsync(ImportJob.Read, token);
            if (stored is null || stored.Offset != job.Offset || stored.Status == ImportJob.Done)
            {
                return OtherOffset(stored);
            }

            var tally = await WriteAsync(edit, job.Mode, rows, token);
            var after = job with
            {
                Status = done ? ImportJob.Done : ImportJob.Incomplete,
                Offset = end,
                Rows = job.Rows + rows.Count,
                Created = job.Created + tally.Created,
                Updated = job.Updated + tally.Updated,
                Unchanged = job.Unchanged + tally.Unchanged,
                Rejected = job.Rejected + tally.Rejected,
                Errors = [.. job.Errors.Concat(tally.Errors).Take(ImportJob.ErrorsMax)],
                UpdatedAt = edit.Now,
            };
            await after.SaveAsync(edit.Transaction, token);
            return (Outcome<ImportJob>)after;
        },
        cancellation);

    private static async Task<Tally> WriteAsync(Edit edit, string mode, List<ImportRow> rows, CancellationToken cancellation)
    {
        var tally = new Tally();
        tally.Reject(rows.SelectMany(row => row.Errors), rows.Count(row => row.Content is null));
        var good = rows.Where(row => row.Content is not null).ToList();
        var numbers = good.Where(row => row.PassengerId is not null).Select(row => row.PassengerId!.Value).ToArray();
        var known = numbers.Length == 0
            ? []
            : (await edit.Transaction.Command($"select {PersonRows.Columns} from people p where p.passenger_id = any($1) order by p.passenger_id for update", numbers)
                .ListAsync(PersonRows.Read, cancellation)).ToDictionary(person => person.PassengerId);
        var (fresh, changed) = (new List<Person>(), new List<(Person After, PersonContent Before)>());
        foreach (var row in good)
        {
            if (row.PassengerId is not { } number)
            {
                var made = await PersonBook.CreateAsync(edit, null, row.Content!, cancellation);
                tally.Count(made.Problem is null, row, made.Problem?.Detail);
            }
            else if (!known.TryGetValue(number, out var person))
            {
                fresh.Add(PersonBook.New(Guid.CreateVersion7(edit.Now), number, row.Content!, edit.Now));
                tally.Created++;
            }
            else if (mode == "insert")
            {
                tally.Count(false, row, $"Somebody has the passengerId {number} already.");
            }
            else if (person.DeletedAt is not null)
            {
                tally.Count(false, row, $"The person with the passengerId {number} was deleted; restore the record first.");
            }
            else if (person.Content == row.Content)
            {
                tally.Unchanged++;
            }
            else
            {
                changed.Add((person with { Content = row.Content!, UpdatedAt = edit.Now, Version = person.Version + 1 }, person.Content));
                tally.Updated++;
            }
        }

        await SaveAsync(edit, fresh, changed, cancellation);
        return tally;
    }

    private static async Task SaveAsync(Edit edit, List<Person> fresh, List<(Person After, PersonContent Before)> changed, CancellationToken cancellation)
    {
        if (fresh.Count > 0 && (await PersonRows.InsertAsync(edit.Transaction, fresh, cancellation)).Count != fresh.Count)
        {
            // Somebody else took one of the numbers a moment ago; read anew, the row is a change of theirs or a mistake.
            throw new ProblemException(Problem.Unavailable("importCollided", "Somebody else wrote the same numbers at this moment. Go on from where the import is.", TimeSpan.FromSeconds(1)));
        }

        foreach (var person in fresh)
        {
            edit.Note("created", person, FieldChanges.Between(null, person.Content));
        }

        if (changed.Count > 0)
        {
            await PersonRows.UpdateAsync(edit.Transaction, [.. changed.Select(pair => pair.After)], cancellation);
        }

        foreach (var (after, before) in changed)
        {
            edit.Note("updated", after, FieldChanges.Between(before, after.Content));
        }
    }

    public static Problem OtherOffset(ImportJob? stored) => Problem.Conflict(
        "otherOffset", "The import is elsewhere", stored is null ? "There is no such import any more." : $"The import is {stored.Status} and stands at byte {stored.Offset}. Send the file from there on.") with
    {
        Args = stored is null ? null : new() { ["offset"] = stored.Offset, ["status"] = stored.Status },
    };

    private static Problem Unreadable(string detail) => new(400, "unreadableFile", "The file cannot be read", detail);

    private sealed class Tally
    {
        public List<RowError> Errors { get; } = [];

        public int Created { get; set; }

        public int Updated { get; set; }

        public int Unchanged { get; set; }

        public int Rejected { get; private set; }

        public void Reject(IEnumerable<RowError> errors, int rows)
        {
            Errors.AddRange(errors.Take(ImportJob.ErrorsMax));
            Rejected += rows;
        }

        public void Count(bool created, ImportRow row, string? detail)
        {
            if (created)
            {
                Created++;
            }
            else
            {
                Reject([new RowError(row.Row, "passengerId", "taken", detail ?? "The row could not be written.")], 1);
            }
        }
    }
}
