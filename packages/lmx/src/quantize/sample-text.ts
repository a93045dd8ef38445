/**
 * The text on which a model and its quantisation are compared. Written for this project and given to the public domain
 * (CC0 1.0): plain prose, a recipe, a dialogue, a little code and some numbers, so that no single style decides.
 */
export const sampleText = `The ferry left the harbour a little after six, when the light was still grey and the gulls had not yet begun to quarrel over the nets. There were nine people on board, two bicycles, a crate of apples and a dog that belonged to nobody in particular. The captain, a short woman with a green scarf, counted them twice and wrote the number in her book. She had done this every morning for eleven years and had never once come back with fewer passengers than she had taken out, which was, she liked to say, the whole of the art.

By seven o'clock the island could be seen as a dark line under the clouds. One of the passengers, a student of geology, explained to the others that the island had once been part of the mainland. A river had cut through the soft rock, and then the sea had come in behind it and finished the work. It had taken about eight thousand years. "That is nothing," she said. "A stone would call it an afternoon." The man with the apples asked whether the sea would take the rest of the island as well. "Certainly," she answered, "but you will have sold your apples by then."

Nobody lived on the northern side, because the wind there was too strong for trees and too cold for sheep. On the southern side there were two villages, one church, a school with fourteen children and a shop that sold everything from lamp oil to birthday cards. The road between the villages was four kilometres long. In summer one could walk it in an hour; in winter it was better to wait for the post van, which came on Tuesdays and Fridays if the harbour was not frozen.

To make the bread of the island, take five hundred grams of rye flour, three hundred and fifty grams of warm water, ten grams of salt and a cup of yesterday's dough. Mix the flour with the water and let it rest for half an hour. Add the salt and the old dough, and knead until the mass no longer sticks to the hands. Cover it with a cloth and leave it in a warm place over night. In the morning, heat the oven until a pinch of flour turns brown within one minute, shape the loaf, cut a cross into it and bake it for fifty minutes. The bread is ready when it sounds hollow, like a small drum. It keeps for a week, and on the third day it is best.

"Do you have a map?" asked the boy.
"I do not need one," said the postman. "There is only one road."
"But what if you go the wrong way?"
"Then I come to the other end of it, and there they also wait for letters."

The school had received a computer that year, a gift of the ferry company. The teacher let the older children write programs for it. The first one counted how many days were left until the holidays:

function daysUntil(holiday, today) {
  const millisecondsPerDay = 24 * 60 * 60 * 1000;
  return Math.ceil((holiday - today) / millisecondsPerDay);
}

The second one kept the records of the weather station. In January the mean temperature was 1.5 degrees, in April 7.2, in July 16.8 and in October 9.9. The highest wind was measured on the third of February: 41 metres per second, after which the instrument itself was not seen again. The children added a rule to their program which said that a missing number is not the same as zero, and the teacher told the inspector that this had been the most important lesson of the year.

In the evening the ferry went back. The sea had become smooth, and the lamps of the harbour were reflected in it as long yellow lines. The captain counted her passengers: nine again, though two of them were different people. The dog had stayed on the island. He would come back tomorrow, or the day after; he had his own affairs there, and, like everybody who lives with the tides, he knew that what leaves in the morning returns with the night.
`;
