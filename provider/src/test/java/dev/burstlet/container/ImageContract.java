package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.pod.BackendException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images. */
public interface ImageContract extends EngineContract {
    private static PullRequest pull(String reference) {
        return new PullRequest(reference, List.of(), Workbench.PATIENCE, "");
    }

    @Test
    default void imageIsFoundByItsReferenceAndItsId() {
        ImageInfo image = bench().imageInfo();

        assertThat(bench().engine().imageStatus(bench().image())).contains(image);
        assertThat(bench().engine().imageStatus(image.id())).contains(image);
        assertThat(bench().engine().listImages()).extracting(ImageInfo::id).contains(image.id());
        assertThat(image.sizeBytes()).isPositive();
    }

    @Test
    default void imageIsFoundByItsTagsAndDigests() {
        ImageInfo image = bench().imageInfo();

        assertThat(image.tags())
                .allSatisfy(tag ->
                        assertThat(bench().engine().imageStatus(tag))
                                .map(ImageInfo::id)
                                .contains(image.id()));
        assertThat(image.digests())
                .allSatisfy(digest ->
                        assertThat(bench().engine().imageStatus(digest))
                                .map(ImageInfo::id)
                                .contains(image.id()));
    }

    @Test
    default void imageThatIsNotThereIsAbsent() {
        bench().imageInfo();

        assertThat(bench().engine().imageStatus("missing.invalid/no/such:image")).isEmpty();
        assertThat(bench().engine().imageStatus("sha256:" + "0".repeat(64))).isEmpty();
    }

    @Test
    default void nameThatIsNoneIsRefused() {
        assertThat(bench().reasonOf(() -> bench().engine().pullImage(pull("Not A Name"))))
                .isEqualTo(Reason.INVALID_IMAGE_NAME);
        assertThat(bench().reasonOf(() -> bench().engine().pullImage(pull("name:tag:tag"))))
                .isEqualTo(Reason.INVALID_IMAGE_NAME);
    }

    @Test
    default void imageOfNoRegistryIsNotPulled() {
        needs(Ability.MISSING_IMAGE);

        assertThat(
                        bench().reasonOf(() ->
                                bench().engine().pullImage(pull("missing.invalid/no/such:image"))))
                .isIn(Reason.IMAGE_PULL, Reason.REGISTRY_UNAVAILABLE);
    }

    @Test
    default void imageInUseIsNotRemoved() {
        needs(Ability.IMAGE_REMOVAL);
        bench().pod().run().idle("c");

        assertThat(bench().reasonOf(() -> bench().engine().removeImage(bench().imageInfo().id())))
                .isEqualTo(Reason.CONFLICT);
        assertThat(bench().engine().imageStatus(bench().image())).isPresent();
    }
}
