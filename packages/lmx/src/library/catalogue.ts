import { type ModelCatalogue, modelCatalogueSchema } from "@opta/contracts/schema/model-catalogue";
import catalogueJson from "../../models/catalogue.json" with { type: "json" };

/** One entry of the catalogue. */
export type CatalogueEntry = ModelCatalogue["models"][number];

/** The catalogue of this release. */
export const catalogue: ModelCatalogue = modelCatalogueSchema.parse(catalogueJson);
