using static Slipway.Api.Content.Protobuf.MessageShape;

namespace Slipway.Api.Content.Protobuf;

/// <summary>The messages of the kinds that clients send as protobuf: built-in ones only.</summary>
internal static class KindMessages
{
    private static readonly WireField s_metadata = Of(1, "metadata", MetadataMessages.Object);

    private static readonly MessageShape s_namespace = new(
        s_metadata, Of(2, "spec", new(Text(1, "finalizers").Many())), Of(3, "status", new(Text(1, "phase"))));

    private static readonly MessageShape s_configMap = new(
        s_metadata, As(2, "data", WireType.TextMap), As(3, "binaryData", WireType.BytesMap), Flag(4, "immutable").Optional());

    private static readonly MessageShape s_secret = new(
        s_metadata, As(2, "data", WireType.BytesMap), Text(3, "type"), As(4, "stringData", WireType.TextMap), Flag(5, "immutable").Optional());

    private static readonly MessageShape s_serviceAccount = new(
        s_metadata,
        Of(2, "secrets", new(Text(1, "kind"), Text(2, "namespace"), Text(3, "name"), Text(4, "uid"), Text(5, "apiVersion"))).Many(),
        Of(3, "imagePullSecrets", new(Text(1, "name"))).Many(),
        Flag(4, "automountServiceAccountToken").Optional());

    private static readonly MessageShape s_jobSpec = new(
        Whole(1, "parallelism").Optional(),
        Whole(2, "completions").Optional(),
        Whole(3, "activeDeadlineSeconds").Optional(),
        Of(4, "selector", new(As(1, "matchLabels", WireType.TextMap))),
        Flag(5, "manualSelector").Optional(),
        Of(6, "template", PodMessages.Template),
        Whole(7, "backoffLimit").Optional(),
        Whole(8, "ttlSecondsAfterFinished").Optional(),
        Text(9, "completionMode"),
        Flag(10, "suspend").Optional());

    private static readonly MessageShape s_job = new(s_metadata, Of(2, "spec", s_jobSpec));

    private static readonly MessageShape s_cronJob = new(
        s_metadata,
        Of(2, "spec", new(
            Text(1, "schedule"),
            Whole(2, "startingDeadlineSeconds").Optional(),
            Text(3, "concurrencyPolicy"),
            Flag(4, "suspend").Optional(),
            Of(5, "jobTemplate", new(s_metadata, Of(2, "spec", s_jobSpec))),
            Whole(6, "successfulJobsHistoryLimit").Optional(),
            Whole(7, "failedJobsHistoryLimit").Optional(),
            Text(8, "timeZone"))));

    private static readonly MessageShape s_deleteOptions = new(
        Whole(1, "gracePeriodSeconds").Optional(),
        Of(2, "preconditions", new(Text(1, "uid"), Text(2, "resourceVersion"))),
        Flag(3, "orphanDependents").Optional(),
        Text(4, "propagationPolicy"),
        Text(5, "dryRun").Many());

    private static readonly MessageShape s_tokenRequest = new(
        s_metadata, Of(2, "spec", new(Text(1, "audiences").Many(), Whole(4, "expirationSeconds").Optional())));

    private static readonly MessageShape s_accessReview = new(
        s_metadata,
        Of(2, "spec", new(
            Of(1, "resourceAttributes", new(
                Text(1, "namespace"), Text(2, "verb"), Text(3, "group"), Text(4, "version"), Text(5, "resource"), Text(6, "subresource"), Text(7, "name"))),
            Of(2, "nonResourceAttributes", new(Text(1, "path"), Text(2, "verb"))))));

    public static MessageShape? Find(string kind) => kind switch
    {
        "Namespace" => s_namespace,
        "ConfigMap" => s_configMap,
        "Secret" => s_secret,
        "ServiceAccount" => s_serviceAccount,
        "Job" => s_job,
        "CronJob" => s_cronJob,
        "DeleteOptions" => s_deleteOptions,
        "TokenRequest" => s_tokenRequest,
        "SelfSubjectAccessReview" => s_accessReview,
        "SelfSubjectRulesReview" => new MessageShape(s_metadata, Of(2, "spec", new(Text(1, "namespace")))),
        "SelfSubjectReview" => new MessageShape(s_metadata),
        _ => null,
    };
}
