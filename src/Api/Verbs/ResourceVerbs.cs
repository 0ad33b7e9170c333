using Slipway.Api.Deletions;
using Slipway.Api.Lists;
using Slipway.Api.Pods;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Reviews;
using Slipway.Api.Patching;
using Slipway.Api.Watches;
using Slipway.Api.Writes;
using Slipway.Model.Resources;

namespace Slipway.Api.Verbs;

/// <summary>One line per verb: the table of contents of everything that can be done with a resource.</summary>
internal sealed class ResourceVerbs(
    GetVerb get,
    ListVerb list,
    WatchVerb watch,
    CreateVerb create,
    UpdateVerb update,
    PatchVerb patch,
    DeleteVerb delete,
    PodLogs logs,
    TokenRequests tokens)
{
    public Task<Reply> AnswerAsync(Verb verb, ApiRequest request) => (verb, request.Path.Subresource) switch
    {
        (Verb.Get, "") => Task.FromResult(get.Answer(request)),
        (Verb.List, "") => Task.FromResult(list.Answer(request)),
        (Verb.Watch, "") => Task.FromResult(watch.Answer(request)),
        (Verb.Create, "") => create.AnswerAsync(request),
        (Verb.Update, "") => update.AnswerAsync(request),
        (Verb.Patch, "") => patch.AnswerAsync(request),
        (Verb.Delete, "") => delete.AnswerAsync(request),
        (Verb.DeleteCollection, "") => delete.AnswerCollectionAsync(request),

        (Verb.Get, "status") when ServedVerbs.HasStatus(request.Kind) => Task.FromResult(get.Answer(request)),
        (Verb.Update, "status") when ServedVerbs.StatusIsWritable(request.Kind) => update.AnswerAsync(request),
        (Verb.Patch, "status") when ServedVerbs.StatusIsWritable(request.Kind) => patch.AnswerAsync(request),
        (Verb.Update, "finalize") when request.Kind == Kinds.Namespace => update.AnswerAsync(request),

        (Verb.Get, "log") when request.Kind == Kinds.Pod => Task.FromResult(logs.Answer(request)),
        (_, "exec" or "attach" or "portforward" or "proxy") when request.Kind == Kinds.Pod => Refused(Failures.MethodNotAllowed(
            $"pods/{request.Path.Subresource} is not supported: instances are reached through the gateway and read with logs")),
        (Verb.Create, "token") when request.Kind == Kinds.ServiceAccount => tokens.AnswerAsync(request),

        (_, "status" or "log" or "token") => Refused(Failures.MethodNotAllowed()),
        _ => Task.FromResult<Reply>(new Reply.Text("404 page not found", 404)),
    };

    private static Task<Reply> Refused(Model.Failures.Failure failure) => Task.FromResult<Reply>(failure);
}
